import { fillWithScores, startTestDatabase } from '@/local/testing/database';
import { interleaved, quantile, report } from './harness';
import { startBenchPortal } from './portal';

// p95 of `/customers` for one tenant while another asks for 80 previews at a time: against the same page in quiet, at most 1.5, and
// against a floor, at most 1.2. The floor is the same page while one connection reads as previews do, without the portal: here the
// portal, the replica and the readers share one machine. In production the replica is another one, so the other tenant's order
// history is small. `npx tsx bench/fair-share.ts 120000` gives it one that keeps a core busy.
const most = { quiet: 1.5, floor: 1.2 };
const parallel = 80;
const rounds = 4;
const reads = 40;
const orders = Number(process.argv[2] ?? 1200);
const preview = '/extracts/new?dataset=churn_training';

const database = await startTestDatabase(['noisy', 'quiet'], { durable: true });
const portal = await startBenchPortal(database.portalUrl);
try {
  await fillWithScores(database.adminUrl, 'quiet', 23_570);
  await fillWithScores(database.adminUrl, 'noisy', Math.ceil(orders / 3));
  await fillWithOrders('noisy');
  const cookies = { quiet: await portal.signedIn('quiet'), noisy: await portal.signedIn('noisy') };
  const times = { quiet: [] as number[], floor: [] as number[], loud: [] as number[] };
  const measure = async (name: keyof typeof times) => {
    times[name].push(...(await portal.times('/customers', cookies.quiet, 1, reads)));
  };
  let previews = 0;
  await interleaved(rounds, [
    { name: 'quiet', run: () => measure('quiet') },
    {
      name: 'floor',
      run: async () => {
        const work = sameWork();
        await measure('floor');
        await work.stop();
      },
    },
    {
      name: 'loud',
      run: async () => {
        const flood = portal.flood(preview, cookies.noisy, parallel, 'as the file will show');
        await flood.underWay;
        await measure('loud');
        previews += await flood.stop();
      },
    },
  ]);
  // The first round is warm-up.
  const at = (name: keyof typeof times, share: number) => quantile(times[name].slice(reads), share);
  if (previews === 0) throw new Error('no answer was a preview: nothing was measured');
  for (const to of ['quiet', 'floor'] as const) {
    report({
      bench: `fair-share to ${to}`,
      ratio: at('loud', 0.95) / at(to, 0.95),
      most: most[to],
      figures: {
        p95Ms: at(to, 0.95),
        loudP95Ms: at('loud', 0.95),
        p50Ms: at(to, 0.5),
        loudP50Ms: at('loud', 0.5),
        parallel,
        previews,
      },
    });
  }
} finally {
  await portal.stop();
  await database.stop();
}

/** The reads of previews, one after the other, without the portal: what the others' share of the machine costs by itself. */
function sameWork() {
  let stopped = false;
  const work = database.as('admin', async (admin) => {
    await admin.query('SET max_parallel_workers_per_gather = 0');
    while (!stopped) {
      await admin.query(
        `SELECT customer_id, count(*), sum(amount), max(ordered_at) FROM crm.customer_order WHERE tenant_id = 'noisy' GROUP BY 1`,
      );
    }
  });
  return {
    stop: () => {
      stopped = true;
      return work;
    },
  };
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
