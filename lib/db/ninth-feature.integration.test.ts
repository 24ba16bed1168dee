import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { scored } from '@/lib/domain/scoring/transitions';
import { claim, lease, open, scoringOf, storeNext } from '@/local/testing/model-database';
import { everyCustomer, fitNow, asOf as now, startScoredDatabase } from '@/local/testing/scored-database';
import { scoreStore } from './churn/score-store';

vi.mock('@/lib/domain/churn/features', async (importOriginal) => {
  const { withNinthFeature } = await import('@/lib/domain/testing/ninth-feature');
  return withNinthFeature(importOriginal);
});

let database: Awaited<ReturnType<typeof startScoredDatabase>>;
beforeAll(async () => {
  database = await startScoredDatabase(['foo']);
  // As the migration of a real one would.
  for (const table of ['customer_score', 'model_score']) {
    await database.admin.query(`ALTER TABLE crm.${table} ADD COLUMN orders_total INTEGER NOT NULL`);
  }
});
afterAll(() => database?.stop());

it('a ninth feature in the table is stored, shown and given to the model', async () => {
  const counted = await database.admin.query<{ id: string; orders: number }>(
    `SELECT customer_id AS id, count(*)::integer AS orders FROM crm.customer_order
     WHERE tenant_id = 'foo' AND ordered_at < $1 GROUP BY 1 ORDER BY 1`,
    [now],
  );
  const expected = counted.rows.map(({ id, orders }) => [id, orders]);
  const stored = async () =>
    (await everyCustomer('foo')).flatMap(({ id, features }) =>
      features ? [[id, new Map(Object.entries(features)).get('ordersTotal')]] : [],
    );

  await scoreStore('foo').rescore(fitNow);
  expect(await stored()).toEqual(expected);

  const store = scoringOf('foo');
  const rows = await store.runs.rows(null, 100);
  expect(rows.map(({ customerId, features }) => [customerId, Number(features.split(',')[8])])).toEqual(
    expected,
  );
  const { run } = await open(store);
  await claim(store, lease(run));
  expect(await storeNext(store, lease(run), null, 100)).toMatchObject({ written: 'written' });
  expect(await store.runs.complete(lease(run), now, (state) => scored(state, { run }, now))).toBe('written');
  expect((await everyCustomer('foo')).some(({ score }) => score?.source === 'model')).toBe(true);
  expect(await stored()).toEqual(expected);

  const past = await store.comparisons.past(100, async () => undefined);
  expect(past?.rows.every(({ features }) => features.split(',').length === 9)).toBe(true);
});
