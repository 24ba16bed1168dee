import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { ulid } from 'ulid';
import { extractFiles } from '@/lib/aws/extracts/extract-files';
import { extractRunner } from '@/lib/aws/extracts/extract-runner';
import { closeDatabase, openDatabase } from '@/lib/db/core/client';
import { orderImporter } from '@/lib/db/crm/order-importer';
import { extractOrders } from '@/lib/db/extracts/orders';
import type { ManifestSeed } from '@/lib/domain/extracts/ports';
import { extractQuery } from '@/lib/domain/extracts/query';
import { policyOf } from '@/lib/domain/testing/extract-world';
import { addDays, utcDay } from '@/lib/domain/time';
import { startProductAws } from '@/local/testing/product-aws';
import { startTestPostgres } from '../local/testing/postgres';
import { interleaved, report } from './harness';

// An extract of all orders to CSV in the tenant's bucket, from StartJobRun to the manifest, against `COPY (same query) TO
// STDOUT` into a file: 10^6 orders, the same replica, in turn. Memory of the job's process: 10^6 orders against 10^5. Training
// data right after an import against the same query once PostgreSQL has vacuumed and analysed the tables.
const most = 2;
// Up to three parts of an upload (24 MB) are in memory. The smaller extract does not fill them.
const mostMemory = 1.4;
/** The first reading also finds cold caches. */
const mostCold = 4;
const rounds = 5;
const accounts = { small: '222222222222', large: '333333333333' } as const;
type TenantId = keyof typeof accounts;
const fresh = 'fresh';

const scratch = await mkdtemp(join(tmpdir(), 'annex-bench-'));
const postgres = await startTestPostgres({ durable: true });
const aws = await startProductAws({ stepMs: 5, replicaUrl: postgres.jobUrl });
const admin = new pg.Client({ connectionString: postgres.adminUrl });
await admin.connect();
await openDatabase(postgres.portalUrl);
try {
  for (const [tenantId, orders] of [
    ['small', 100_000],
    ['large', 1_000_000],
  ] as const) {
    await fill(tenantId, orders);
    const accountId = accounts[tenantId];
    await aws.vend(tenantId, accountId);
  }
  await reportColdPath();
  await admin.query('VACUUM ANALYZE crm.customer_order');
  await admin.query('CHECKPOINT');
  const small = await extract('small');
  let large = small;
  const medians = await interleaved(rounds, [
    { name: 'copy', run: () => copy('large', join(scratch, 'rows.csv')) },
    {
      name: 'extract',
      run: async () => {
        large = await extract('large');
      },
    },
  ]);
  const { copy: floor = Number.NaN, extract: ours = Number.NaN } = medians;
  report({
    bench: 'extract',
    ratio: ours / floor,
    most,
    figures: { orders: large.rows, megabytes: large.bytes / 1e6, extractMs: ours, copyMs: floor },
  });
  report({
    bench: 'extract-memory',
    ratio: large.peakMb / small.peakMb,
    most: mostMemory,
    figures: { peakMb: large.peakMb, peakMbAtATenth: small.peakMb },
  });
} finally {
  await Promise.all([admin.end(), closeDatabase()]);
  await aws.stop();
  await postgres.stop();
  await rm(scratch, { recursive: true, force: true });
}

/** Orders, about three per customer, in key order as after an import. */
async function fill(tenantId: TenantId, orders: number): Promise<void> {
  await admin.query('INSERT INTO tenant (id, name, account_id) VALUES ($1, $1, $2)', [
    tenantId,
    accounts[tenantId],
  ]);
  await admin.query(
    `INSERT INTO crm.customer_order (tenant_id, customer_id, ordered_at, quantity, amount)
     SELECT $1, 'C' || lpad((n / 3)::text, 7, '0'), '2022-01-01Z'::timestamptz + make_interval(days => (n % 3) * 200 + (n * 7) % 190),
       1 + n % 4, 5 + (n * 31) % 9000 / 100.0
     FROM generate_series(1, $2::integer) AS each (n)`,
    [tenantId, orders],
  );
}

function queryOf(tenantId: string, dataset: 'orders' | 'churn_training' = 'orders') {
  return extractQuery({
    tenantId,
    dataset,
    format: 'csv',
    columns: null,
    range: { from: null, before: null },
    asOf: dataset === 'orders' ? null : new Date('2023-01-01T00:00:00Z'),
    policy: policyOf(dataset),
  });
}

/** The product's import, then at once the query for training data, on the primary: the replica has the same statistics. */
async function reportColdPath(): Promise<void> {
  await admin.query('INSERT INTO tenant (id, name) VALUES ($1, $1)', [fresh]);
  const { orders } = await orderImporter(fresh).import(freshOrders());
  const timed = async () => {
    const startedAt = performance.now();
    await copy(fresh, join(scratch, 'training.csv'), queryOf(fresh, 'churn_training'), postgres.portalUrl);
    return performance.now() - startedAt;
  };
  const cold = await timed();
  await admin.query('VACUUM ANALYZE');
  const warm = Math.min(await timed(), await timed(), await timed());
  report({
    bench: 'extract-after-import',
    ratio: cold / warm,
    most: mostCold,
    figures: { orders, coldMs: cold, warmMs: warm },
  });
}

/** 3 * 10^5 orders of 10^5 customers. */
async function* freshOrders(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('customer_id,ordered_at,quantity,amount\n');
  for (let customer = 0; customer < 100_000; customer += 1) {
    const lines = [0, 1, 2].map((n) => {
      const day = utcDay(addDays(new Date('2022-01-01T00:00:00Z'), n * 200 + ((customer * 7) % 190)));
      return `C${String(customer).padStart(7, '0')},${day},${1 + n},${5 + (customer % 90)}.50\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}

/** The baseline: the same query under the same role, with its values as literals, into a file. */
async function copy(
  tenantId: string,
  file: string,
  { statement, values } = queryOf(tenantId),
  url = postgres.standbyUrl,
): Promise<void> {
  const select = statement.replace(/\$(\d+)/g, (_, n: string) =>
    pg.escapeLiteral(values[Number(n) - 1]?.value ?? ''),
  );
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('BEGIN READ ONLY');
  await client.query(
    `SELECT set_config('role', 'annex_tenant', true), set_config('app.tenant_id', $1, true), set_config('timezone', 'UTC', true)`,
    [tenantId],
  );
  await pipeline(
    client.query(copyTo(`COPY (${select}) TO STDOUT WITH (FORMAT csv, HEADER true)`)),
    createWriteStream(file, { highWaterMark: 1 << 20 }),
  );
  await client.end();
}

interface Extracted {
  readonly rows: number;
  readonly bytes: number;
  readonly peakMb: number;
}

async function extract(tenantId: TenantId): Promise<Extracted> {
  const query = queryOf(tenantId);
  const accountId = accounts[tenantId];
  const requestId = ulid();
  const runner = extractRunner(tenantId);
  const manifest: ManifestSeed = {
    requestId,
    attempt: 1,
    tenant: tenantId,
    dataset: 'orders',
    format: 'csv',
    columns: query.columns,
    policyVersion: 1,
    asOf: null,
    range: { from: null, before: null },
    requestedBy: 'bench',
    requestedAt: new Date().toISOString(),
  };
  const orders = extractOrders(tenantId);
  const runId = await runner.start(await orders.seal({ requestId, manifest: JSON.stringify(manifest) }));
  let peakMb = 0;
  for (;;) {
    peakMb = Math.max(peakMb, peakOfJob());
    const run = await runner.run(runId);
    if (run?.state === 'done') break;
    if (run?.state !== 'running') throw new Error(`The run is ${run?.state}: ${run?.reason}`);
    await sleep(20);
  }
  const seen = await extractFiles(tenantId).verify(accountId, { requestId, attempt: 1 });
  if (seen.state !== 'whole') throw new Error(seen.reason);
  return { rows: seen.file.rows, bytes: seen.file.bytes, peakMb };
}

/** Peak resident memory of the job's process, a child of this one, MB; 0 when there is none. Linux. */
function peakOfJob(): number {
  const children = readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  const peaks = children.map((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('extract-runner')) return 0;
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  });
  return Math.max(0, ...peaks);
}
