import pg from 'pg';
import { customerStore } from '@/lib/db/customer-store';
import { startTestDatabase } from '@/lib/db/testing';
import type { CustomerQuery } from '@/lib/domain/crm/ports';
import { interleaved, quantile, report } from './harness';

// p95 of the first page of customers at 16 connections, with 10^6 customers against 10^3, side by side in the same tables.
// The page as people open it decides; other sorts, bands and searches are printed beside it.
const most = 1.5;
const connections = 16;
const pagesEach = 40;
const rounds = 5;
const sizes = { small: 1_000, large: 1_000_000 } as const;
type Size = keyof typeof sizes;

const views: Readonly<Record<string, Omit<CustomerQuery, 'limit'>>> = {
  risk: { sort: 'risk', direction: 'desc' },
  recency: { sort: 'recency', direction: 'asc' },
  highByRecency: { sort: 'recency', direction: 'asc', band: 'high' },
  lowById: { sort: 'id', direction: 'asc', band: 'low' },
  search: { sort: 'risk', direction: 'desc', search: 'C00000' },
  broadSearch: { sort: 'spend', direction: 'desc', search: 'c' },
};

const database = await startTestDatabase(['small', 'large'], { durable: true });
const admin = new pg.Client({ connectionString: database.adminUrl });
await admin.connect();
try {
  for (const size of ['small', 'large'] as const) await fill(size);
  await admin.query('VACUUM ANALYZE crm.customer, crm.customer_score');
  const ratios: Record<string, number> = {};
  const figures: Record<string, number> = {};
  for (const [name, view] of Object.entries(views)) {
    const p95: Record<Size, number[]> = { small: [], large: [] };
    const contestant = (size: Size) => ({
      name: size,
      run: async () => void p95[size].push(await p95OfFirstPage(size, view)),
    });
    await interleaved(rounds, [contestant('small'), contestant('large')]);
    const [small, large] = (['small', 'large'] as const).map((size) => quantile(p95[size].slice(1), 0.5));
    ratios[name] = (large ?? Number.NaN) / (small ?? Number.NaN);
    Object.assign(figures, {
      [`${name}SmallMs`]: small,
      [`${name}LargeMs`]: large,
      [`${name}Ratio`]: ratios[name],
    });
  }
  report({ bench: 'customers-list', ratio: ratios.risk ?? Number.NaN, most, figures });
} finally {
  await admin.end();
  await database.stop();
}

async function p95OfFirstPage(size: Size, view: Omit<CustomerQuery, 'limit'>): Promise<number> {
  const store = customerStore(size);
  const times: number[] = [];
  const reader = async () => {
    for (let n = 0; n < pagesEach; n += 1) {
      const startedAt = performance.now();
      const page = await store.list({ ...view, limit: 50 });
      times.push(performance.now() - startedAt);
      if (page.customers.length === 0) throw new Error('an empty page is no measure');
    }
  };
  await Promise.all(Array.from({ length: connections }, reader));
  return quantile(times, 0.95);
}

/** Customers whose risk hangs together with their recency, as it does in life; every tenth band rare. */
async function fill(tenant: Size): Promise<void> {
  const count = sizes[tenant];
  await admin.query(
    `INSERT INTO crm.customer (tenant_id, id) SELECT $1, 'c' || lpad(n::text, 8, '0') FROM generate_series(1, $2::int) n`,
    [tenant, count],
  );
  await admin.query(
    `INSERT INTO crm.customer_score (tenant_id, customer_id, recency_days, frequency, monetary_mean, tenure_days, orders_90d, spend_90d,
       gap_mean_days, tickets_90d, probability, source, version, scored_at)
     SELECT $1, 'c' || lpad(n::text, 8, '0'), floor(700 * u), 1 + n % 5, 5 + 50 * v, 720, (u < 0.13)::int, CASE WHEN u < 0.13 THEN 10 + 90 * v ELSE 0 END,
       0, 0, least(1, sqrt(u) * (0.9 + 0.1 * v)), 'default', 'bench', now()
     FROM (SELECT n, random() AS u, random() AS v FROM generate_series(1, $2::int) n) AS drawn`,
    [tenant, count],
  );
  await admin.query(
    `INSERT INTO crm.history (tenant_id, revision, scored_revision, scored_at, score_version, customers, featured, band_low, band_medium, band_high)
     SELECT $1, 1, 1, now(), 'bench', count(*), count(*), count(*) FILTER (WHERE band = 1), count(*) FILTER (WHERE band = 2), count(*) FILTER (WHERE band = 3)
     FROM crm.customer_score WHERE tenant_id = $1`,
    [tenant],
  );
}
