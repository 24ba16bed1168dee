import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gatherHistories } from '@/lib/domain/churn/history-table';
import type { Comparison } from '@/lib/domain/scoring/ports';
import { dayMs as day } from '@/lib/domain/time';
import { fall, foo, scoringOf, startModelDatabase, whole } from '@/local/testing/model-database';
import { at, everyCustomer, asOf as now, orders } from '@/local/testing/scored-database';

let database: Awaited<ReturnType<typeof startModelDatabase>>;
beforeAll(async () => {
  database = await startModelDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.forget());

describe('what a comparison is made of', () => {
  it('pairs both scores of the same customers', async () => {
    const run = await whole();
    const found = await foo.comparisons.pairs(run, 40);
    expect(found?.customers).toBe(60);
    expect(found?.pairs).toHaveLength(40);
    expect(await foo.comparisons.pairs(run, 40)).toEqual(found);
    const byModel = await everyCustomer('foo');
    await foo.scoring.change(fall);
    const byDefault = new Map((await everyCustomer('foo')).map((one) => [one.id, one.score?.probability]));
    const all = await foo.comparisons.pairs(run, 100);
    const key = (d: number | undefined, m: number | undefined) => `${d}/${m}`;
    expect(new Set(all?.pairs.map((pair) => key(pair.default, pair.model)))).toEqual(
      new Set(
        byModel
          .filter(({ score }) => score)
          .map(({ id, score }) => key(byDefault.get(id), score?.probability)),
      ),
    );
  });

  it('looks at the customers as they were 90 days before, and at what they did since', async () => {
    const past = await foo.comparisons.past(1000, (groups) => gatherHistories(groups));
    const then = at(90);
    expect(past).toMatchObject({ asOf: then, until: now });
    const until = orders.filter(({ orderedAt }) => orderedAt < then);
    const customers = [...new Set(until.map(({ customer }) => customer))];
    expect(past?.customers).toBe(customers.length);
    const expected = customers.map((customer) => {
      const own = until.filter((order) => order.customer === customer);
      const days = [...new Set(own.map(({ orderedAt }) => Math.floor(orderedAt.getTime() / day)))].sort(
        (a, b) => a - b,
      );
      const [first = 0, last = 0] = [days[0], days.at(-1)];
      const today = then.getTime() / day;
      return {
        recency: today - last,
        frequency: days.length,
        tenure: today - first,
        ordered: orders.some(
          (order) => order.customer === customer && order.orderedAt >= then && order.orderedAt < now,
        ),
      };
    });
    const found = past?.rows.map(({ features: line, ordered, repeats, recency, age }) => {
      const features = line.split(',').map(Number);
      expect([features.length, repeats, recency]).toEqual([
        8,
        (features[1] ?? 0) - 1,
        age - (features[0] ?? 0),
      ]);
      return { recency: features[0], frequency: features[1], tenure: features[3], ordered };
    });
    const sorted = (list: unknown) => (list as object[]).map((one) => JSON.stringify(one)).sort();
    expect(sorted(found)).toEqual(sorted(expected));
    expect(await scoringOf('new').comparisons.past(10, (groups) => gatherHistories(groups))).toBeNull();
  });

  it('is kept and found as it was', async () => {
    const run = await whole();
    const made: Comparison = {
      run,
      version: 1,
      computedAt: now,
      customers: 60,
      sampled: 60,
      rankAgreement: 0.5,
      joint: [[1], [2]],
      quantiles: [{ share: 0.5, default: 0.25, model: 0.75 }],
      outcome: {
        known: true,
        asOf: at(90),
        until: now,
        customers: 50,
        sampled: 50,
        churned: 20,
        default: { auc: null, brier: 0.2, mean: 0.5 },
        reason: null,
        model: { auc: 0.8, brier: 0.1, mean: 0.4 },
        baseline: 0.24,
      },
    };
    expect(await foo.comparisons.newest()).toBeNull();
    await foo.comparisons.keep(made);
    await foo.comparisons.keep(made);
    expect(await foo.comparisons.newest()).toEqual(made);
    expect(await scoringOf('bar').comparisons.newest()).toBeNull();
  });
});
