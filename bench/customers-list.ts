import pg from 'pg';
import { bandNumbers } from '@/lib/db/churn/band-numbers';
import { featureColumns } from '@/lib/db/churn/feature-columns';
import { customerStore } from '@/lib/db/crm/customer-store';
import type { CustomerQuery } from '@/lib/domain/crm/ports';
import { featureExpressions, startTestDatabase } from '@/local/testing/database';
import { interleaved, p95Of, quantile, report } from './harness';
import { startBenchPortal } from './portal';

// p95 at 16 connections with 10^6 customers against 10^3, in the same tables. Measured for `/customers` as a signed-in
// person reads it from the production portal, and for its list alone as the repository reads it, because rendering can
// hide a slower statement. Other orders, bands and searches are printed too. With the argument `model`, the shown scores
// are model scores.
const most = 1.5;
const connections = 16;
const rounds = 5;
const ofModel = process.argv[2] === 'model';
const sizes = { small: 1_000, large: 1_000_000 } as const;
type Size = keyof typeof sizes;

const views: Readonly<Record<string, Omit<CustomerQuery, 'limit'>>> = {
  risk: { sort: 'risk', direction: 'desc' },
  recency: { sort: 'recency', direction: 'asc' },
  byOrders: { sort: 'orders', direction: 'desc' },
  highByRecency: { sort: 'recency', direction: 'asc', band: 'high' },
  lowById: { sort: 'id', direction: 'asc', band: 'low' },
  search: { sort: 'risk', direction: 'desc', search: 'C00000' },
  broadSearch: { sort: 'spend', direction: 'desc', search: 'c' },
};

/** SQL over the random numbers `n`, `u` and `v` of a customer. */
const drawnFeatures = featureExpressions({
  recencyDays: 'floor(700 * u)',
  frequency: '1 + n % 5',
  monetaryMean: '5 + 50 * v',
  tenureDays: '720',
  orders90d: '(u < 0.13)::int',
  spend90d: 'CASE WHEN u < 0.13 THEN 10 + 90 * v ELSE 0 END',
});

const database = await startTestDatabase(['small', 'large'], { durable: true });
const admin = new pg.Client({ connectionString: database.adminUrl });
await admin.connect();
const portal = await startBenchPortal(database.portalUrl);
try {
  for (const size of ['small', 'large'] as const) await fill(size);
  await admin.query('VACUUM ANALYZE crm.customer, crm.customer_score');
  if (ofModel) for (const size of ['small', 'large'] as const) await showRun(size);
  const cookies = { small: await portal.signedIn('small'), large: await portal.signedIn('large') };
  const bench = ofModel ? 'customers-list-model' : 'customers-list';
  const page = await compared((size) => portal.p95('/customers', cookies[size], connections, 10));
  report({ bench, ...page, most });
  const figures: Record<string, number> = {};
  for (const [name, view] of Object.entries(views)) {
    const { ratio, figures: ms } = await compared((size) => p95OfList(size, view));
    Object.assign(figures, {
      [`${name}SmallMs`]: ms.smallMs,
      [`${name}LargeMs`]: ms.largeMs,
      [`${name}Ratio`]: ratio,
    });
  }
  report({ bench: `${bench}-read`, ratio: figures.riskRatio ?? Number.NaN, most, figures });
} finally {
  await portal.stop();
  await admin.end();
  await database.stop();
}

/** The median of `p95` at each size, ms, measured in turn. */
async function compared(p95: (size: Size) => Promise<number>) {
  const found: Record<Size, number[]> = { small: [], large: [] };
  const contestant = (size: Size) => ({
    name: size,
    run: async () => void found[size].push(await p95(size)),
  });
  await interleaved(rounds, [contestant('small'), contestant('large')]);
  const [smallMs, largeMs] = [found.small, found.large].map((values) => quantile(values.slice(1), 0.5));
  const figures = { smallMs: smallMs ?? Number.NaN, largeMs: largeMs ?? Number.NaN };
  return { ratio: figures.largeMs / figures.smallMs, figures };
}

function p95OfList(size: Size, view: Omit<CustomerQuery, 'limit'>): Promise<number> {
  const store = customerStore(size);
  return p95Of(connections, 40, async () => {
    const page = await store.list({ ...view, limit: 50 });
    if (page.customers.length === 0) throw new Error('an empty page is no measure');
  });
}

/** Creates customers whose risk correlates with their recency, as in reality. */
async function fill(tenant: Size): Promise<void> {
  const count = sizes[tenant];
  await admin.query(
    `INSERT INTO crm.customer (tenant_id, id) SELECT $1, 'c' || lpad(n::text, 8, '0') FROM generate_series(1, $2::int) n`,
    [tenant, count],
  );
  await admin.query(
    `INSERT INTO crm.customer_score (tenant_id, customer_id, ${featureColumns()}, probability, source, version, scored_at)
     SELECT $1, 'c' || lpad(n::text, 8, '0'), ${drawnFeatures}, least(1, sqrt(u) * (0.9 + 0.1 * v)), 'default', 'bench', now()
     FROM (SELECT n, random() AS u, random() AS v FROM generate_series(1, $2::int) n) AS drawn`,
    [tenant, count],
  );
  await admin.query(
    `INSERT INTO crm.history (tenant_id, revision, scored_revision, scored_at, score_version, customers, featured, band_low, band_medium, band_high)
     SELECT $1, 1, 1, now(), 'bench', count(*), count(*), count(*) FILTER (WHERE band = ${bandNumbers.low}), count(*) FILTER (WHERE band = ${bandNumbers.medium}), count(*) FILTER (WHERE band = ${bandNumbers.high})
     FROM crm.customer_score WHERE tenant_id = $1`,
    [tenant],
  );
}

/** The state after a scoring run. No customer's model score equals the default score. */
async function showRun(tenant: Size): Promise<void> {
  await admin.query(`SELECT set_config('app.tenant_id', $1, false)`, [tenant]);
  const { rows } = await admin.query<{ run: string }>(
    `INSERT INTO crm.scoring_run (tenant_id, version, revision, state, asked_at, touched_at, finished_at, rows_done, rows_total,
       band_low, band_medium, band_high)
     SELECT $1, 1, 1, 'done', now(), now(), now(), featured, featured, band_high, band_medium, band_low
     FROM crm.history WHERE tenant_id = $1 RETURNING run`,
    [tenant],
  );
  const run = Number(rows[0]?.run);
  await admin.query('SELECT crm.open_model_run($1)', [run]);
  await admin.query(
    `INSERT INTO crm.model_${tenant}_${run} (tenant_id, customer_id, ${featureColumns()}, probability, version, scored_at)
     SELECT tenant_id, customer_id, ${featureColumns()}, 1 - probability, 1, now() FROM crm.customer_score WHERE tenant_id = $1 ORDER BY customer_id`,
    [tenant],
  );
  for (const index of ['customer', 'risk', 'recency', 'spend', 'days', 'value', 'orders']) {
    await admin.query('SELECT crm.index_model_run($1, $2)', [run, index]);
  }
  await admin.query('SELECT crm.analyse_model_run($1)', [run]);
  await admin.query(`INSERT INTO scoring (tenant_id, mode, version, shown_run) VALUES ($1, 'model', 1, $2)`, [
    tenant,
    run,
  ]);
}
