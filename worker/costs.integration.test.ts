import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { closeDatabase } from '@/lib/db/core/client';
import { tenantContextForSystem } from '@/lib/deps';
import { rateOf } from '@/lib/domain/running/cost';
import { hourMs } from '@/lib/domain/time';
import { newRequest } from '@/lib/domain/workbench/steps';
import { startTestDatabase } from '@/local/testing/database';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { WorkerProcess } from './testing/worker-process';

const accountId = '222222222222';
let stack: ProductAws;
let database: Awaited<ReturnType<typeof startTestDatabase>>;
let environment: Record<string, string>;
let admin: Client;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  database = await startTestDatabase(['foo']);
  stack = await startProductAws();
  environment = {
    ...stack.environment,
    DATABASE_URL: database.portalUrl,
    DATABASE_REPLICA_URL: database.portalUrl,
    ANNEX_MEASURE_SECONDS: '1',
    ANNEX_BILL_SECONDS: '1',
  };
  Object.assign(process.env, environment);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query("UPDATE tenant SET account_id = $1 WHERE id = 'foo'", [accountId]);
  await stack.vend('foo', accountId);
  await stack.hostModel(accountId, 'churn');
  await stack.fault('cost-explorer.late', '*', { message: '0', times: 1_000_000 });
  await makeReady();
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
  await admin?.end();
  await closeDatabase();
  await stack?.stop();
  await database?.stop();
});

async function makeReady(): Promise<void> {
  const { ports, actor } = await tenantContextForSystem('foo', 'test');
  const request = newRequest(
    {
      requestId: '01KK3V3Q5RZ3Z3Z3Z3Z3Z3Z3Z3',
      variant: { id: 'prod-annexstandard', artifactId: 'pa-annexstandrd1', name: 'Standard' },
      parameters: {},
      requestedBy: { id: actor.id, name: actor.name },
    },
    new Date(),
  );
  const live = await ports.workbenches.createLive(request);
  await ports.workbenches.update({ ...live, state: 'ready', accountId });
}

interface Spend {
  readonly measuredUntil: Date | null;
  readonly usd: number;
  readonly days: number;
}

async function spend(): Promise<Spend> {
  const { rows } = await admin.query<Spend>(
    `SELECT measured_until AS "measuredUntil", usd::float8 AS usd,
       (SELECT sum(usd)::float8 FROM spend_day WHERE tenant_id = 'foo') AS days FROM spend WHERE tenant_id = 'foo'`,
  );
  return rows[0] ?? { measuredUntil: null, usd: 0, days: 0 };
}

const measuredAfter = (instant: number): Promise<Spend> =>
  vi.waitFor(
    async () => {
      const now = await spend();
      if ((now.measuredUntil?.getTime() ?? 0) <= instant)
        throw new Error(`not measured yet: ${workers.at(-1)?.said()}`);
      return now;
    },
    { timeout: 60_000, interval: 100 },
  );

it('measures and reads on through kills of the worker, and counts nothing twice', async () => {
  for (const aliveMs of [300, 1500]) {
    const worker = await WorkerProcess.start(environment);
    await new Promise((resolve) => setTimeout(resolve, aliveMs));
    await worker.end('SIGKILL');
  }
  workers.push(await WorkerProcess.start(environment), await WorkerProcess.start(environment));
  const first = await measuredAfter(Date.now());
  const last = await measuredAfter(first.measuredUntil?.getTime() ?? 0);
  const { items } = await (await tenantContextForSystem('foo', 'test')).ports.running.endpoints();
  const [endpoint] = items;
  if (!endpoint) throw new Error('no endpoint');
  const hours = ((last.measuredUntil?.getTime() ?? 0) - (endpoint.since?.getTime() ?? 0)) / hourMs;
  expect(last.usd).toBeCloseTo(rateOf(endpoint).usd * hours, 7);
  // Of this month alone, which may have begun a moment ago.
  expect(last.days).toBeGreaterThanOrEqual(last.usd - 1e-9);
  const { rows } = await admin.query(
    `SELECT c.tenant_id, c.usd > 0 AS billed, c.reading = b.shown AS shown, b.failing_since FROM account_cost c, bill b
     WHERE c.reading = b.shown`,
  );
  expect(rows).toEqual([{ tenant_id: 'foo', billed: true, shown: true, failing_since: null }]);
});
