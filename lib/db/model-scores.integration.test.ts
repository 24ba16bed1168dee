import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fitBgNbd } from '@/lib/domain/churn/bg-nbd-fit';
import type { Comparison, FeatureRow, Held, ScoringState } from '@/lib/domain/scoring/ports';
import { failed, following, later, scored } from '@/lib/domain/scoring/transitions';
import { withControl } from './control-scope';
import { customerStore } from './customer-store';
import { expectedIds, listCases, walk } from './fake-customer-list';
import { modelScores } from './model-scores';
import { at, day, everyCustomer, fitNow, asOf as now, orders, startScoredDatabase } from './score-fixtures';
import { scoreStore } from './score-store';
import { runTable } from './scoring-rows';
import { scoringWatch } from './scoring-watch';
import { withTenant } from './tenant-scope';

let database: Awaited<ReturnType<typeof startScoredDatabase>>;
const foo = modelScores('foo');
const held = (run: number, holder = 'one'): Held => ({ run, holder });

beforeAll(async () => {
  database = await startScoredDatabase(['foo', 'bar'], ['new']);
  for (const tenant of ['foo', 'bar']) await scoreStore(tenant).rescore(fitNow);
});
afterAll(() => database?.stop());
beforeEach(async () => {
  for (const table of [...(await tables('%')), 'crm.scoring_run', 'crm.score_comparison', 'scoring']) {
    await database.admin.query(table.includes('.model_') ? `DROP TABLE ${table}` : `DELETE FROM ${table}`);
  }
});

/** Tables of a tenant's runs. */
async function tables(tenant: string): Promise<string[]> {
  const { rows } = await database.admin.query<{ name: string }>(
    `SELECT 'crm.' || relname AS name FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'crm'::regnamespace AND relname LIKE 'model\\_' || $1 || '\\_%' AND relname <> 'model_score'
     ORDER BY oid`,
    [tenant],
  );
  return rows.map(({ name }) => name);
}

const countOf = async (table: string | undefined): Promise<number> =>
  (await database.admin.query(`SELECT FROM ${table}`)).rowCount ?? 0;

/** Many equal probabilities, and in no order that the default has. */
const given = ({ customerId }: FeatureRow): number => ((Number(customerId.slice(1)) * 7) % 20) / 20;
const follow = (store: typeof foo, version: number | null) =>
  store.change((state) => following(state, version, now));

async function open(store = foo, version = 1, even = false) {
  await follow(store, version);
  const run = await store.openRun({ version, askedBy: null, even, at: now });
  if (!run) throw new Error('no run was opened');
  return run;
}

const claim = (store: typeof foo, one: Held, time = now) =>
  store.claim(one, { at: time, staleBefore: later(time, -30_000) });

async function storeNext(store: typeof foo, one: Held, after: string | null, limit = 25) {
  const rows = await store.rows(after, limit);
  const written = await store.store(one, { after, rows, probabilities: rows.map(given), at: now });
  return { written, last: rows.at(-1)?.customerId ?? null, count: rows.length };
}

/** Scores everybody of a tenant by version 1. */
async function whole(store = foo, version = 1): Promise<number> {
  const { run } = await open(store, version, true);
  await claim(store, held(run));
  let after: string | null = null;
  for (;;) {
    const { written, last, count } = await storeNext(store, held(run), after);
    expect(written).toBe('written');
    after = last ?? after;
    if (count < 25) break;
  }
  expect(await store.complete(held(run), now, (state) => scored(state, { run }, now))).toBe('written');
  return run;
}

const fall = (state: ScoringState) =>
  failed(state, { cause: 'unreachable', reason: 'The endpoint is silent.', of: 'run' }, now);

describe('readers', () => {
  it('see the default until a run is whole, then all of it at once', async () => {
    const { run } = await open();
    await claim(foo, held(run));
    const first = await storeNext(foo, held(run), null);
    expect((await everyCustomer('foo')).every(({ score }) => score?.source !== 'model')).toBe(true);
    const second = await storeNext(foo, held(run), first.last);
    await storeNext(foo, held(run), second.last);
    expect((await customerStore('foo').overview()).source).toEqual({ kind: 'default' });
    await foo.complete(held(run), now, (state) => scored(state, { run }, now));
    const seen = (await everyCustomer('foo')).filter(({ features }) => features !== null);
    expect(seen).toHaveLength(60);
    for (const { id, score } of seen) {
      expect(score).toEqual({
        probability: given({ customerId: id, features: '' }),
        source: 'model',
        version: 'v1',
        scoredAt: now,
      });
    }
  });

  it.each(listCases())('of the model’s scores page by $sort $direction in band $band', async (query) => {
    await whole();
    const store = customerStore('foo');
    const customers = await everyCustomer('foo');
    for (const search of [undefined, 'c00']) {
      const expected = expectedIds(customers, { ...query, search });
      const { forward, backward } = await walk(store, { ...query, search, limit: 7 });
      expect(forward).toEqual(expected);
      expect(backward).toEqual(expected);
      const exported: string[] = [];
      for await (const { id } of store.export({ ...query, search })) exported.push(id);
      expect(exported).toEqual(expected);
    }
  });

  it('find the kept counts in step with the scores', async () => {
    const run = await whole();
    const overview = await customerStore('foo').overview();
    const values = (await everyCustomer('foo')).flatMap(({ score }) => (score ? [score.probability] : []));
    const between = (low: number, high: number) => values.filter((p) => p >= low && p < high).length;
    expect(overview.bands).toEqual({
      low: between(0, 0.4),
      medium: between(0.4, 0.7),
      high: between(0.7, 2),
    });
    expect(overview.histogram.reduce((sum, count) => sum + count, 0)).toBe(60);
    expect(overview).toMatchObject({
      source: { kind: 'model', version: 'v1' },
      scoring: { state: 'scored', scoredAt: now, version: 'v1' },
    });
    expect((await foo.scoring()).shown).toMatchObject({ run, state: 'done', rowsDone: 60, rowsTotal: 60 });
  });

  it('are with the default’s scores from one moment to the next when the model fails, and back', async () => {
    const run = await whole();
    const store = customerStore('foo');
    const [before] = (await everyCustomer('foo')).slice(0, 1);
    await foo.change(fall);
    const overview = await store.overview();
    expect(overview.source).toEqual({ kind: 'fallback', reason: 'The endpoint is silent.', since: now });
    expect(overview.scoring).toMatchObject({ state: 'scored', version: 'bgnbd-1' });
    expect((await store.get(before?.id ?? ''))?.score?.source).toBe('default');
    await foo.change((state) => scored(state, { run }, now));
    expect(await store.get(before?.id ?? '')).toEqual(before);
  });

  it('keep their place in the list when the scores change under it', async () => {
    await whole();
    const store = customerStore('foo');
    const { next } = await store.list({ sort: 'risk', direction: 'desc', limit: 10 });
    await foo.change(fall);
    const page = await store.list({ sort: 'risk', direction: 'desc', limit: 10, cursor: next ?? '' });
    expect(page.customers.every(({ score }) => score?.source === 'default')).toBe(true);
  });

  it('are told that new orders are not scored yet', async () => {
    await whole();
    await database.revise('foo');
    try {
      expect((await customerStore('foo').overview()).scoring.state).toBe('stale');
    } finally {
      await database.admin.query(`UPDATE crm.history SET revision = scored_revision WHERE tenant_id = 'foo'`);
    }
  });
});

describe('a run', () => {
  it('goes on where it was when its worker is lost, and finishes once', async () => {
    const { run } = await open();
    await claim(foo, held(run));
    const first = await storeNext(foo, held(run), null);
    expect(await claim(foo, held(run, 'two'), later(now, 29_000))).toBeNull();
    const again = await claim(foo, held(run, 'two'), later(now, 31_000));
    expect(again).toMatchObject({ lastCustomer: first.last, rowsDone: 25 });
    // The one that was thought lost finds that it is not its any more.
    expect((await storeNext(foo, held(run), first.last)).written).toBe('lost');
    const second = await storeNext(foo, held(run, 'two'), first.last);
    await storeNext(foo, held(run, 'two'), second.last);
    expect(await foo.complete(held(run), now, (state) => state)).toBe('lost');
    expect(await foo.complete(held(run, 'two'), now, (s) => scored(s, { run }, now))).toBe('written');
    expect(await foo.openRun({ version: 1, askedBy: null, even: false, at: now })).toBeNull();
  });

  it('takes no batch twice, nor one that does not follow', async () => {
    const { run } = await open();
    await claim(foo, held(run));
    const first = await storeNext(foo, held(run), null);
    expect((await storeNext(foo, held(run), null)).written).toBe('lost');
    const elsewhere = await storeNext(foo, held(run), 'c040');
    expect(elsewhere.written).toBe('lost');
    expect((await foo.scoring()).latest).toMatchObject({ rowsDone: 25, lastCustomer: first.last });
  });

  it('is opened once by many', async () => {
    await follow(foo, 1);
    const opened = await Promise.all(
      Array.from({ length: 5 }, () => foo.openRun({ version: 1, askedBy: null, even: true, at: now })),
    );
    expect(new Set(opened.map((run) => run?.run)).size).toBe(1);
  });

  it('gives way to new features and to another version', async () => {
    const { run } = await open();
    await claim(foo, held(run));
    await follow(foo, 2);
    expect((await storeNext(foo, held(run), null)).written).toBe('superseded');
    const next = await open(foo, 2);
    expect(next.run).not.toBe(run);
    await claim(foo, held(next.run));
    await database.admin.query(`UPDATE crm.history SET scored_revision = 9 WHERE tenant_id = 'foo'`);
    try {
      expect((await storeNext(foo, held(next.run), null)).written).toBe('superseded');
      expect(await foo.complete(held(next.run), now, (state) => state)).toBe('superseded');
    } finally {
      await database.admin.query(`UPDATE crm.history SET scored_revision = revision WHERE tenant_id = 'foo'`);
    }
    expect(await Promise.all((await tables('foo')).map(countOf))).toEqual([0, 0]);
  });

  it('is not completed with a row missing', async () => {
    const { run } = await open();
    await claim(foo, held(run));
    await storeNext(foo, held(run), null, 60);
    const [table] = await tables('foo');
    await database.admin.query(`DELETE FROM ${table} WHERE customer_id = 'c001'`);
    await expect(foo.complete(held(run), now, (s) => scored(s, { run }, now))).rejects.toThrow('60 rows');
    expect((await foo.scoring()).state.mode).toBe('default');
  });

  it('that failed says why, and nobody sees it', async () => {
    const { run } = await open();
    await claim(foo, held(run));
    await storeNext(foo, held(run), null);
    expect(await foo.fail(held(run), { reason: 'HTML', at: now }, fall)).toBe('written');
    const { state, latest } = await foo.scoring();
    expect(latest).toMatchObject({ state: 'failed', failure: 'HTML' });
    expect(state).toMatchObject({
      mode: 'fallback',
      breaker: { cause: 'unreachable', openedAt: now, trials: 1 },
    });
  });

  it('leaves nothing behind when nobody sees it any more', async () => {
    const first = await whole();
    const second = await whole();
    expect(second).not.toBe(first);
    expect(await foo.tidy(later(now, -1))).toBe(true);
    expect(await tables('foo')).toHaveLength(2);
    expect(await foo.tidy(now)).toBe(true);
    expect(await tables('foo')).toEqual([`crm.model_foo_${second}`]);
    expect(await everyCustomer('foo')).toHaveLength(61);
    await follow(foo, null);
    expect(await foo.tidy(now)).toBe(false);
  });

  it('has nobody to score in a tenant without orders', async () => {
    await follow(modelScores('new'), 1);
    expect(await modelScores('new').openRun({ version: 1, askedBy: null, even: true, at: now })).toBeNull();
  });
});

describe('another tenant', () => {
  it('sees and changes nothing of it', async () => {
    await whole();
    const bar = modelScores('bar');
    expect((await bar.scoring()).state).toMatchObject({ mode: 'default', shownRun: null });
    expect((await everyCustomer('bar')).every(({ score }) => score?.source !== 'model')).toBe(true);
    const { run } = await open(bar);
    await claim(bar, held(run));
    expect((await storeNext(bar, held(run), null)).written).toBe('written');
    const ofFoo = (await foo.scoring()).state.shownRun ?? 0;
    await expect(
      withTenant('bar', (tx) =>
        tx.scoringRun.updateMany({ where: { run: ofFoo }, data: { state: 'superseded' } }),
      ),
    ).resolves.toEqual({ count: 0 });
    await expect(
      withTenant('bar', (tx) => tx.scoring.create({ data: { tenantId: 'foo' } })),
    ).rejects.toMatchObject({ code: 'dependency_denied' });
    expect(await bar.pairs(ofFoo, 10)).toBeNull();
    const [table = ''] = await tables('foo');
    const seen = await withTenant('bar', (tx) => tx.$queryRawUnsafe<unknown[]>(`SELECT * FROM ${table}`));
    expect(seen).toEqual([]);
    await expect(
      withTenant('bar', (tx) => tx.$executeRawUnsafe(`DELETE FROM ${table}`)),
    ).rejects.toMatchObject({ code: 'dependency_denied' });
    await withTenant('bar', (tx) => tx.$executeRaw`SELECT crm.drop_model_run(${ofFoo}::bigint)`);
    expect(await countOf(table)).toBe(60);
  });
});

describe('the control plane', () => {
  it('knows who is due, and nothing else', async () => {
    await whole();
    const due = (await foo.scoring()).state.nextLookAt ?? now;
    expect(await scoringWatch().due(later(due, -1), 10)).toEqual([]);
    expect(await scoringWatch().due(due, 10)).toEqual(['foo']);
    await expect(withControl((tx) => tx.scoring.findMany())).rejects.toMatchObject({
      code: 'dependency_denied',
    });
    await expect(withControl((tx) => tx.modelScore.count())).rejects.toMatchObject({
      code: 'dependency_denied',
    });
  });
});

describe('what a comparison is made of', () => {
  it('pairs both scores of the same customers', async () => {
    const run = await whole();
    const found = await foo.pairs(run, 40);
    expect(found?.customers).toBe(60);
    expect(found?.pairs).toHaveLength(40);
    expect(await foo.pairs(run, 40)).toEqual(found);
    const byModel = await everyCustomer('foo');
    await foo.change(fall);
    const byDefault = new Map((await everyCustomer('foo')).map((one) => [one.id, one.score?.probability]));
    const all = await foo.pairs(run, 100);
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
    const past = await foo.past(1000, (groups) => fitBgNbd(groups));
    const then = at(90);
    expect(past).toMatchObject({ asOf: then, until: now });
    const until = orders.filter(({ orderedAt }) => orderedAt <= then);
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
          (order) => order.customer === customer && order.orderedAt > then && order.orderedAt <= now,
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
    expect(await modelScores('new').past(10, (groups) => fitBgNbd(groups))).toBeNull();
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
    expect(await foo.comparison()).toBeNull();
    await foo.keepComparison(made);
    await foo.keepComparison(made);
    expect(await foo.comparison()).toEqual(made);
    expect(await modelScores('bar').comparison()).toBeNull();
  });
});

describe('the table of a run', () => {
  it('has forced row-level security, and nobody writes to it once it is seen', async () => {
    await whole();
    const { rows } = await database.admin.query(
      `SELECT c.relrowsecurity AND c.relforcerowsecurity AS forced, has_table_privilege('annex_tenant', c.oid, 'SELECT') AS reads,
         has_table_privilege('annex_tenant', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') AS writes,
         has_table_privilege('annex_control', c.oid, 'SELECT') AS control
       FROM pg_class c WHERE relname LIKE 'model\\_foo\\_%' AND relkind = 'r'`,
    );
    expect(rows).toEqual([{ forced: true, reads: true, writes: false, control: false }]);
  });

  it('is named by what is a tenant and a run, and by nothing else', () => {
    expect(runTable('foo-2', 12)).toBe('crm."model_foo_2_12"');
    for (const [tenant, run] of [
      ['Foo', 1],
      ['f"o', 1],
      ['foo', 1.5],
      ['foo', Number.NaN],
    ] as const) {
      expect(() => runTable(tenant, run)).toThrow(RangeError);
    }
  });
});
