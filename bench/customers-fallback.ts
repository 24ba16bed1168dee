import { startTestAws } from '@/lib/aws/testing';
import { fillWithScores, startTestDatabase } from '@/lib/db/testing';
import { tenantContextForSystem } from '@/lib/deps';
import type { TenantContext } from '@/lib/domain/context';
import { crmOverview } from '@/lib/domain/crm/crm-overview';
import { listCustomers } from '@/lib/domain/crm/list-customers';
import { getScoring } from '@/lib/domain/scoring/get-scoring';
import { lookAtEndpoint } from '@/lib/domain/scoring/look-at-endpoint';
import { scoreCustomers } from '@/lib/domain/scoring/score-customers';
import { hostTestModel } from '../local/aws/model-server/testing';
import { tenantAccountRole } from '../local/aws/policies';
import type { Iam } from '../local/aws/service';
import { interleaved, quantile, report } from './harness';

// p95 of what /customers reads, for a data scientist whose model's endpoint hangs (scores fallen back, looks and a scoring under
// way) against one whose scores are the default's; 16 readers at a time, in the same tables. At most 1.2.
const most = 1.2;
const readers = 16;
const pagesEach = 20;
const rounds = 9;
const customers = 23_570;
const accounts = { plain: '222222222222', hanging: '333333333333' } as const;

const stack = await startTestAws();
const database = await startTestDatabase(Object.keys(accounts), { durable: true });
try {
  for (const [tenant, account] of Object.entries(accounts)) {
    await stack.standIn.service<Iam>('iam').putRole(tenantAccountRole(tenant, account));
    await (await system(tenant)).ports.tenant.recordAccount(account);
    await fillWithScores(database.adminUrl, tenant, customers);
  }
  const worker = await system('hanging');
  await hostTestModel(stack.standIn, accounts.hanging, 'churn', { kind: 'good' });
  await activate(worker);
  await scoreCustomers(worker, undefined);
  await hostTestModel(stack.standIn, accounts.hanging, 'churn', { kind: 'hang' });
  await untilFallback(worker);

  let measured = false;
  const background = Promise.all([keepLooking(), keepScoring()]);
  const p95: Record<string, number[]> = { plain: [], hanging: [] };
  const contestant = (tenant: keyof typeof accounts) => ({
    name: tenant,
    run: async () => void p95[tenant]?.push(await p95OfPage(tenant)),
  });
  await interleaved(rounds, [contestant('plain'), contestant('hanging')]);
  measured = true;
  await background;
  const { state } = await worker.ports.modelScores.scoring();
  if (state.mode !== 'fallback') throw new Error(`The mode is ${state.mode}.`);
  const [plain, hanging] = (['plain', 'hanging'] as const).map((tenant) =>
    quantile(p95[tenant]?.slice(1) ?? [], 0.5),
  );
  report({
    bench: 'customers-fallback',
    ratio: (hanging ?? Number.NaN) / (plain ?? Number.NaN),
    most,
    figures: { defaultMs: plain ?? Number.NaN, hangingMs: hanging ?? Number.NaN, customers },
  });

  /** As the worker does, but without the pauses that would leave most pages undisturbed. */
  async function keepLooking(): Promise<void> {
    while (!measured) {
      await worker.ports.modelScores.change((now) => ({ ...now, nextLookAt: new Date(0) }));
      await lookAtEndpoint(worker, undefined);
    }
  }

  async function keepScoring(): Promise<void> {
    while (!measured) {
      await worker.ports.modelScores.openRun({ version: 1, askedBy: 'bench', even: true, at: new Date() });
      await scoreCustomers(worker, undefined);
    }
  }
} finally {
  await database.stop();
  await stack.stop();
}

async function system(tenant: string): Promise<TenantContext> {
  const context = await tenantContextForSystem(tenant, 'bench');
  return { ...context, ports: { ...context.ports, jobs: { send: async () => {} } } };
}

async function activate({ ports }: TenantContext): Promise<void> {
  const at = new Date();
  const endpoint = await ports.endpoints.deployed('churn');
  const tested = {
    endpointName: 'churn',
    testedAt: at,
    deployment: endpoint?.deployment ?? null,
    passed: true,
    contentTypes: ['text/csv' as const],
    checks: [],
    latencyMs: { rows1: 1, rows100: 1 },
  };
  const registration = { endpointName: 'churn', contentType: 'text/csv' as const, report: tested };
  const made = await ports.models.register({ ...registration, registeredBy: 'bench', registeredAt: at });
  await ports.models.activate({ version: made.version, by: 'bench', at });
}

async function untilFallback(context: TenantContext): Promise<void> {
  for (;;) {
    const { state } = await context.ports.modelScores.scoring();
    if (state.mode === 'fallback') return;
    await context.ports.modelScores.change((now) => ({ ...now, nextLookAt: new Date(0) }));
    await lookAtEndpoint(context, undefined);
  }
}

async function p95OfPage(tenant: string): Promise<number> {
  const context = await system(tenant);
  const scientist: TenantContext = { ...context, actor: { id: 'a', name: 'a', roles: ['scientist'] } };
  const times: number[] = [];
  const reader = async () => {
    for (let n = 0; n < pagesEach; n += 1) {
      const startedAt = performance.now();
      const [, page] = await Promise.all([
        crmOverview(scientist, undefined),
        listCustomers(scientist, {}),
        getScoring(scientist, undefined),
      ]);
      times.push(performance.now() - startedAt);
      if (page.customers.length === 0) throw new Error('an empty page is no measure');
    }
  };
  await Promise.all(Array.from({ length: readers }, reader));
  return quantile(times, 0.95);
}
