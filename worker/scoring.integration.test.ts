import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { closeDatabase } from '@/lib/db/core/client';
import { tenantContextForSystem } from '@/lib/deps';
import type { TenantContext } from '@/lib/domain/context';
import { activateEndpoint } from '@/lib/domain/models/verbs/activate-endpoint';
import { backToDefault } from '@/lib/domain/models/verbs/back-to-default';
import { limits } from '@/lib/domain/scoring/limits';
import type { Scoring } from '@/lib/domain/scoring/ports';
import { scoreAllNow } from '@/lib/domain/scoring/verbs/score-all-now';
import { fillWithScores, startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import {
  type Behaviour,
  type HostedModel,
  type ProductAws,
  startProductAws,
} from '@/local/testing/product-aws';
import { WorkerProcess } from './testing/worker-process';

/** Several batches. */
const customers = limits.batchRows * 2.5;
const tenants = { plain: '222222222222', killed: '333333333333' } as const;
type TenantId = keyof typeof tenants;
let stack: ProductAws;
let postgres: TestDatabase;
let environment: Record<string, string>;
const workers: WorkerProcess[] = [];
const patience = { timeout: 90_000, interval: 50 };

beforeAll(async () => {
  stack = await startProductAws();
  postgres = await startTestDatabase(Object.keys(tenants));
  environment = { ...stack.environment, DATABASE_URL: postgres.portalUrl };
  process.env.DATABASE_URL = postgres.portalUrl;
  for (const [tenant, account] of Object.entries(tenants)) {
    await stack.vend(tenant, account);
    await (await tenantContextForSystem(tenant, 'test')).ports.tenant.recordAccount(account);
    await fillWithScores(postgres.adminUrl, tenant, customers);
  }
});
afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.end('SIGTERM'))));
afterAll(async () => {
  await closeDatabase();
  await Promise.all([stack?.stop(), postgres?.stop()]);
});

async function start(): Promise<WorkerProcess> {
  const worker = await WorkerProcess.start(environment);
  workers.push(worker);
  return worker;
}

async function scientist(tenant: TenantId): Promise<TenantContext> {
  const context = await tenantContextForSystem(tenant, 'test');
  return { ...context, actor: { id: 'sub', name: 'ada@foo.example', roles: ['scientist'] } };
}

const host = (tenant: TenantId, behaviour: Behaviour): Promise<HostedModel> =>
  stack.hostModel(tenants[tenant], 'churn', behaviour);

/** Waits until the scoring state is as `expected`, and returns it. */
async function until(context: TenantContext, expected: (scoring: Scoring) => boolean): Promise<Scoring> {
  return vi.waitFor(async () => {
    const scoring = await context.ports.scoring.read();
    if (!expected(scoring)) throw new Error(`not yet: ${JSON.stringify(scoring)}`);
    return scoring;
  }, patience);
}

async function firstScore(context: TenantContext) {
  const { customers: page } = await context.ports.customers.list({
    sort: 'risk',
    direction: 'desc',
    limit: 1,
  });
  return page[0]?.score;
}

describe('the worker', () => {
  it('scores after an activation, falls back when the endpoint stops, recovers with it, and returns to the default', async () => {
    await start();
    const context = await scientist('plain');
    const model = await host('plain', { kind: 'good' });
    await activateEndpoint(context, { endpointName: 'churn' });
    const first = await until(context, ({ state }) => state.mode === 'model');
    expect(first.shown).toMatchObject({ version: 1, rowsDone: customers, state: 'done' });
    expect(await firstScore(context)).toMatchObject({ source: 'model', version: 'v1' });
    await vi.waitFor(async () => {
      expect(await context.ports.scoreComparisons.newest()).toMatchObject({
        run: first.shown?.run,
        customers,
        outcome: { known: false },
      });
    }, patience);

    await model.down();
    await until(context, ({ state }) => state.mode === 'fallback');
    expect(await firstScore(context)).toMatchObject({ source: 'default' });

    await model.up();
    await until(context, ({ state }) => state.mode === 'model');
    expect(await firstScore(context)).toMatchObject({ source: 'model' });

    await backToDefault(context, undefined);
    await until(context, ({ state }) => state.mode === 'default');
    expect(await firstScore(context)).toMatchObject({ source: 'default' });
  }, 150_000);

  it('that is killed during a scoring run leaves a run that finishes exactly once', async () => {
    const context = await scientist('killed');
    const first = await start();
    await host('killed', { kind: 'hang-after', rows: customers / 2 });
    await activateEndpoint(context, { endpointName: 'churn' });
    const cut = await until(context, ({ latest }) => (latest?.rowsDone ?? 0) > 0);
    await first.end('SIGKILL');
    const { latest } = await context.ports.scoring.read();
    expect(latest).toMatchObject({ run: cut.latest?.run, state: 'running' });
    expect(latest?.rowsDone).toBeLessThan(customers);
    await host('killed', { kind: 'good' });
    await start();
    const done = await until(context, ({ state }) => state.mode === 'model');
    expect(done.shown).toMatchObject({ run: cut.latest?.run, rowsDone: customers, state: 'done' });
    expect(await firstScore(context)).toMatchObject({ source: 'model' });
    // A person requests it again, so another run follows while the first is shown.
    const again = await scoreAllNow(context, undefined);
    await until(context, ({ state }) => state.shownRun === again.run);
  }, 150_000);
});
