import { tenantContextForSystem } from '@/lib/deps';
import type { TenantContext } from '@/lib/domain/context';
import { crmOverview } from '@/lib/domain/crm/verbs/crm-overview';
import { listCustomers } from '@/lib/domain/crm/verbs/list-customers';
import { checkEndpointHealth } from '@/lib/domain/scoring/verbs/check-endpoint-health';
import { getScoring } from '@/lib/domain/scoring/verbs/get-scoring';
import { scoreCustomers } from '@/lib/domain/scoring/verbs/score-customers';
import { fillWithScores, startTestDatabase } from '@/local/testing/database';
import { startProductAws } from '@/local/testing/product-aws';
import { activateChurn } from './activated';
import { interleaved, p95Of, quantile, report } from './harness';
import { startBenchPortal } from './portal';

// p95 at 16 connections for a tenant whose endpoint hangs (in fallback, with health checks and a scoring run in progress)
// against a tenant with default scores, in the same tables. Measured for `/customers` from the production portal, and for
// the page's verbs alone, because rendering can hide a slower statement. At most 1.2.
const most = 1.2;
const connections = 16;
const rounds = 9;
type Tenant = keyof typeof accounts;
const customers = 23_570;
const accounts = { plain: '222222222222', hanging: '333333333333' } as const;

const stack = await startProductAws();
const database = await startTestDatabase(Object.keys(accounts), { durable: true });
const portal = await startBenchPortal(database.portalUrl, stack);
try {
  for (const [tenant, account] of Object.entries(accounts)) {
    await stack.vend(tenant, account);
    await (await system(tenant)).ports.tenant.recordAccount(account);
    await fillWithScores(database.adminUrl, tenant, customers);
  }
  const worker = await system('hanging');
  await stack.hostModel(accounts.hanging, 'churn', { kind: 'good' });
  await activateChurn(worker.ports);
  await scoreCustomers(worker, undefined);
  await stack.hostModel(accounts.hanging, 'churn', { kind: 'hang' });
  await untilFallback(worker);

  const cookies = { plain: await portal.signedIn('plain'), hanging: await portal.signedIn('hanging') };
  let measured = false;
  const background = Promise.all([keepLooking(), keepScoring()]);
  const page = await compared((tenant) => portal.p95('/customers', cookies[tenant], connections, 10));
  const verbs = await compared(p95OfVerbs);
  measured = true;
  await background;
  const { state } = await worker.ports.scoring.read();
  if (state.mode !== 'fallback') throw new Error(`The mode is ${state.mode}.`);
  report({ bench: 'customers-fallback', ...page, most });
  report({ bench: 'customers-fallback-read', ...verbs, most });

  /** Like the worker, but without its pauses, during which most pages would be undisturbed. */
  async function keepLooking(): Promise<void> {
    while (!measured) {
      await worker.ports.scoring.change((now) => ({ ...now, nextHealthCheckAt: new Date(0) }));
      await checkEndpointHealth(worker, undefined);
    }
  }

  async function keepScoring(): Promise<void> {
    while (!measured) {
      await worker.ports.scoringRuns.open({ version: 1, askedBy: 'bench', force: true, at: new Date() });
      await scoreCustomers(worker, undefined);
    }
  }
} finally {
  await portal.stop();
  await database.stop();
  await stack.stop();
}

async function system(tenant: string): Promise<TenantContext> {
  const context = await tenantContextForSystem(tenant, 'bench');
  return { ...context, ports: { ...context.ports, jobs: { send: async () => {} } } };
}

async function untilFallback(context: TenantContext): Promise<void> {
  for (;;) {
    const { state } = await context.ports.scoring.read();
    if (state.mode === 'fallback') return;
    await context.ports.scoring.change((now) => ({ ...now, nextHealthCheckAt: new Date(0) }));
    await checkEndpointHealth(context, undefined);
  }
}

/** The median of `p95` for each tenant, ms, measured in turn. */
async function compared(p95: (tenant: Tenant) => Promise<number>) {
  const found: Record<Tenant, number[]> = { plain: [], hanging: [] };
  const contestant = (name: Tenant) => ({ name, run: async () => void found[name].push(await p95(name)) });
  await interleaved(rounds, [contestant('plain'), contestant('hanging')]);
  const [plain, hanging] = [found.plain, found.hanging].map((values) => quantile(values.slice(1), 0.5));
  const figures = { defaultMs: plain ?? Number.NaN, hangingMs: hanging ?? Number.NaN, customers };
  return { ratio: figures.hangingMs / figures.defaultMs, figures };
}

async function p95OfVerbs(tenant: Tenant): Promise<number> {
  const context = await system(tenant);
  const scientist: TenantContext = { ...context, actor: { id: 'a', name: 'a', roles: ['scientist'] } };
  return p95Of(connections, 20, async () => {
    const [, page] = await Promise.all([
      crmOverview(scientist, undefined),
      listCustomers(scientist, {}),
      getScoring(scientist, undefined),
    ]);
    if (page.customers.length === 0) throw new Error('an empty page is no measure');
  });
}
