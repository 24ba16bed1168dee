import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import { churnProbability } from '@/lib/domain/churn/bg-nbd';
import type { HistoryGroup } from '@/lib/domain/churn/ports';
import { dayMs as day } from '@/lib/domain/time';
import {
  asOf,
  at,
  everyCustomer,
  fitNow,
  fitted,
  fittedAt,
  orders,
  parameters,
  type SomeOrder,
  startScoredDatabase,
} from '@/local/testing/scored-database';
import { withTenant } from '../core/tenant-scope';
import { customerStore } from '../crm/customer-store';
import { scoreStore } from './score-store';

let database: Awaited<ReturnType<typeof startScoredDatabase>>;
beforeAll(async () => {
  database = await startScoredDatabase(['foo', 'foo-2', 'bar'], ['new']);
});
afterAll(() => database?.stop());

const refit = (revision: number): AuditEvent => ({
  action: 'churn.refit',
  subject: 'scores',
  actorId: 'worker',
  actorName: 'Annex',
  requestId: 'r',
  detail: { revision },
});
const auditOf = (tenant: string) =>
  withTenant(tenant, (tx) => tx.auditEvent.findMany({ select: { detail: true } }));

/** The eight features and the history, by their words in the documentation. */
function expected(customer: string) {
  const own = orders.filter((order) => order.customer === customer && order.orderedAt < asOf);
  const days = [...new Set(own.map(({ orderedAt }) => Math.floor(orderedAt.getTime() / day)))].sort(
    (x, y) => x - y,
  );
  const today = asOf.getTime() / day;
  const [first = today, last = today] = [days[0], days.at(-1)];
  const recent = own.filter(({ orderedAt }) => orderedAt >= at(90));
  const sum = (some: readonly SomeOrder[]) => some.reduce((total, { amount }) => total + amount, 0);
  const gaps = days.slice(1).map((value, i) => value - (days[i] ?? 0));
  return {
    features: {
      recencyDays: today - last,
      frequency: days.length,
      monetaryMean: expect.closeTo(sum(own) / own.length, 8),
      tenureDays: today - first,
      orders90d: recent.length,
      spend90d: expect.closeTo(sum(recent), 8),
      gapMeanDays: expect.closeTo(gaps.length === 0 ? 0 : gaps.reduce((x, y) => x + y) / gaps.length, 8),
      tickets90d: customer === 'c001' ? 2 : 0,
    },
    history: { repeats: days.length - 1, recency: last - first, age: today - first },
  };
}

describe.each([
  ['the shared partition', 'foo', 1000],
  ['a sheet of its own', 'foo-2', 1],
])('scores in %s', (_, tenant, ownSheetFrom) => {
  const store = scoreStore(tenant, { ownSheetFrom });

  it('hands out the distinct histories', async () => {
    const seen: HistoryGroup[] = [];
    const rescored = await store.rescore(async (history) => {
      expect(history).toMatchObject({ revision: 1, asOf });
      for await (const batch of history.batches) seen.push(...batch);
      return fitNow(history);
    });
    expect(rescored).toEqual({ outcome: 'scored', revision: 1, customers: 60 });
    const customers = [...new Set(orders.map(({ customer }) => customer))];
    const wanted = new Map<string, number>();
    for (const customer of customers) {
      const { repeats, recency, age } = expected(customer).history;
      const key = [repeats, recency, age].join();
      wanted.set(key, (wanted.get(key) ?? 0) + 1);
    }
    const found = seen.map((g) => [[g.repeats, g.recencyDays, g.ageDays].join(), g.customers] as const);
    expect(new Map(found)).toEqual(wanted);
    expect(found).toHaveLength(wanted.size);
  });

  it('stores features and scores of everybody who ordered before as_of', async () => {
    const customers = await everyCustomer(tenant);
    expect(customers).toHaveLength(61);
    for (const { id, features, score } of customers) {
      if (id === 'later') {
        expect([features, score]).toEqual([null, null]);
        continue;
      }
      const { features: wanted, history } = expected(id);
      expect(features, id).toEqual(wanted);
      expect(score).toMatchObject({ source: 'default', version: 'bgnbd-1', scoredAt: fittedAt });
      expect(score?.probability).toBeCloseTo(churnProbability(parameters, history, 90), 9);
    }
  });

  it('keeps the counts that the pages show', async () => {
    const scores = (await everyCustomer(tenant)).flatMap(({ score }) => (score ? [score.probability] : []));
    const between = (low: number, high: number) => scores.filter((p) => p >= low && p < high).length;
    const overview = await customerStore(tenant).overview();
    expect(overview.histogram).toEqual(
      Array.from({ length: 10 }, (__, n) => between(n / 10, n === 9 ? 2 : (n + 1) / 10)),
    );
    expect(overview.bands).toEqual({
      low: between(0, 0.4),
      medium: between(0.4, 0.7),
      high: between(0.7, 2),
    });
    expect(overview.scoring).toEqual({
      state: 'scored',
      scoredAt: fittedAt,
      version: 'bgnbd-1',
      uncertainty: 0.043,
    });
    const { rows } = await database.admin.query('SELECT * FROM crm.history WHERE tenant_id = $1', [tenant]);
    expect(rows[0]).toMatchObject({
      featured: '60',
      fit_r: 0.25,
      fit_alpha: 40,
      fit_a: 0.5,
      fit_b: 2.2,
      fit_log_likelihood: -100.5,
      fit_customers: '60',
      fit_uncertainty: 0.043,
      unfitted_reason: null,
    });
  });

  it('leaves a revision alone that is scored', async () => {
    const refuse = () => Promise.reject(new Error('asked again'));
    expect(await store.rescore(refuse)).toEqual({ outcome: 'current', revision: 1 });
  });

  it('changes everything at once or, when the fit fails, nothing', async () => {
    await database.revise(tenant);
    expect((await customerStore(tenant).overview()).scoring.state).toBe('stale');
    await expect(store.rescore(() => Promise.reject(new Error('no fit')))).rejects.toThrow('no fit');
    // Stops reading half way, too: the connection must not be left with rows on it.
    await expect(
      store.rescore(async ({ batches }) => {
        for await (const batch of batches) throw new Error(`stopped at ${batch.length}`);
        return fitted(2);
      }),
    ).rejects.toThrow('stopped at');
    expect((await everyCustomer(tenant))[0]?.score?.version).toBe('bgnbd-1');
    await store.rescore(async (history) => {
      expect((await everyCustomer(tenant))[0]?.score?.version).toBe('bgnbd-1');
      return fitNow(history);
    });
    const versions = new Set((await everyCustomer(tenant)).map(({ score }) => score?.version));
    expect(versions).toEqual(new Set(['bgnbd-2', undefined]));
  });

  it('rescored by two at once, is scored once, and has one audit row, or none where nothing is stored', async () => {
    await database.revise(tenant);
    const failing = store.rescore(
      async () => Promise.reject(new Error('no fit')),
      (revision) => refit(revision),
    );
    await expect(failing).rejects.toThrow('no fit');
    expect(await auditOf(tenant)).toEqual([]);
    const outcomes = await Promise.all([store.rescore(fitNow, refit), store.rescore(fitNow, refit)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['current', 'scored']);
    expect(await auditOf(tenant)).toEqual([{ detail: { revision: 3 } }]);
  });

  it('shows features without scores, and says why, when nothing fits', async () => {
    await database.revise(tenant);
    const rescored = await store.rescore(async () => ({
      outcome: 'unfitted',
      reason: 'too few',
      at: fittedAt,
    }));
    expect(rescored).toMatchObject({ outcome: 'unfitted', customers: 60 });
    const overview = await customerStore(tenant).overview();
    expect(overview.scoring).toEqual({ state: 'unfitted', reason: 'too few', at: fittedAt });
    expect(overview.histogram).toEqual(Array(10).fill(0));
    const [first] = await everyCustomer(tenant);
    expect([first?.features?.frequency, first?.score]).toEqual([expected('c000').features.frequency, null]);
    await database.revise(tenant);
    expect(await store.rescore(fitNow)).toMatchObject({ outcome: 'scored' });
    expect((await customerStore(tenant).overview()).scoring.state).toBe('scored');
  });
});

describe('a tenant', () => {
  it('without orders has nothing to score', async () => {
    expect(await scoreStore('new').rescore(fitNow)).toEqual({ outcome: 'empty' });
  });

  it('is not touched by the scoring of another, in whichever partition', async () => {
    expect(await everyCustomer('bar')).toHaveLength(61);
    expect((await everyCustomer('bar')).every(({ features }) => features === null)).toBe(true);
    await scoreStore('bar').rescore(fitNow);
    await database.revise('foo');
    await scoreStore('foo', { ownSheetFrom: 1 }).rescore(fitNow);
    expect((await everyCustomer('bar'))[0]?.score?.version).toBe('bgnbd-1');
    expect((await everyCustomer('foo-2'))[0]?.score).not.toBeNull();
  });
});
