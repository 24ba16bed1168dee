import { fillWithScores, startTestDatabase } from '@/local/testing/database';
import { interleaved, quantile, report } from './harness';
import { startBenchPortal } from './portal';

// p95 of `/customers` for one tenant while another asks for 80 previews at a time, against the same page in quiet. A preview
// aggregates the other tenant's whole order history on the replica. At most 1.5.
const most = 1.5;
const parallel = 80;
const rounds = 3;
const orders = 120_000;
const preview = '/extracts/new?dataset=churn_training';

const database = await startTestDatabase(['noisy', 'quiet'], { durable: true });
const portal = await startBenchPortal(database.portalUrl);
try {
  await fillWithScores(database.adminUrl, 'quiet', 23_570);
  await fillWithScores(database.adminUrl, 'noisy', orders / 3);
  await fillWithOrders('noisy');
  const cookies = { quiet: await portal.signedIn('quiet'), noisy: await portal.signedIn('noisy') };
  const p95: Record<'quiet' | 'loud', number[]> = { quiet: [], loud: [] };
  const measure = async (name: keyof typeof p95) => {
    p95[name].push(await portal.p95('/customers', cookies.quiet, 1, 30));
  };
  let previews = 0;
  await interleaved(rounds, [
    { name: 'quiet', run: () => measure('quiet') },
    {
      name: 'loud',
      run: async () => {
        const flood = portal.flood(preview, cookies.noisy, parallel, 'as they will appear in the file');
        await flood.underWay;
        await measure('loud');
        previews += await flood.stop();
      },
    },
  ]);
  const [quiet, loud] = [quantile(p95.quiet.slice(1), 0.5), quantile(p95.loud.slice(1), 0.5)];
  report({
    bench: 'fair-share',
    ratio: loud / quiet,
    most,
    figures: { quietMs: quiet, loudMs: loud, parallel, previews },
  });
} finally {
  await portal.stop();
  await database.stop();
}

/** Three orders per customer, and an account: without one there are no previews. */
async function fillWithOrders(tenant: string): Promise<void> {
  await database.as('admin', async (admin) => {
    await admin.query(`UPDATE tenant SET account_id = '222222222222' WHERE id = $1`, [tenant]);
    await admin.query(
      `INSERT INTO crm.customer_order (tenant_id, customer_id, ordered_at, quantity, amount)
       SELECT $1, 'c' || lpad((1 + n / 3)::text, 8, '0'), '2022-06-01Z'::timestamptz + make_interval(days => (n % 3) * 300 + (n * 7) % 290),
         1 + n % 4, 5 + (n * 31) % 9000 / 100.0
       FROM generate_series(0, $2::integer - 1) AS each (n)`,
      [tenant, orders],
    );
    await admin.query(
      `UPDATE crm.history SET orders = $2, first_order_at = '2022-06-01Z' WHERE tenant_id = $1`,
      [tenant, orders],
    );
    await admin.query('VACUUM ANALYZE crm.customer_order');
  });
}
