import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { ScoringState } from '@/lib/domain/scoring/ports';
import { later, scored } from '@/lib/domain/scoring/transitions';
import {
  claim,
  fall,
  foo,
  given,
  lease,
  open,
  scoringOf,
  startModelDatabase,
  storeNext,
  whole,
} from '@/local/testing/model-database';
import { everyCustomer, asOf as now } from '@/local/testing/scored-database';
import { withControl } from '../core/control-scope';
import { withTenant } from '../core/tenant-scope';
import { customerStore } from '../crm/customer-store';
import { expectedIds, listCases, walk } from '../testing/fake-customer-list';
import { dueHealthChecks } from './due-health-checks';
import { runTable } from './scoring-rows';

let database: Awaited<ReturnType<typeof startModelDatabase>>;
beforeAll(async () => {
  database = await startModelDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.forget());

const event = { action: 'scores.look', actorId: 'worker', actorName: 'Annex', requestId: 'r' } as const;

describe('readers', () => {
  it('see the default until a run is whole, then all of it at once', async () => {
    const { run } = await open();
    await claim(foo, lease(run));
    const first = await storeNext(foo, lease(run), null);
    expect((await everyCustomer('foo')).every(({ score }) => score?.source !== 'model')).toBe(true);
    const second = await storeNext(foo, lease(run), first.last);
    await storeNext(foo, lease(run), second.last);
    expect((await customerStore('foo').overview()).source).toEqual({ kind: 'default' });
    await foo.runs.complete(lease(run), now, (state) => scored(state, { run }, now));
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
      scoring: { state: 'scored', scoredAt: now, version: 'v1', uncertainty: null },
    });
    expect((await foo.scoring.read()).shown).toMatchObject({
      run,
      state: 'done',
      rowsDone: 60,
      rowsTotal: 60,
    });
  });

  it('are with the default’s scores from one moment to the next when the model fails, and back', async () => {
    const run = await whole();
    const store = customerStore('foo');
    const [before] = (await everyCustomer('foo')).slice(0, 1);
    const modes: string[] = [];
    const told = (was: ScoringState, is: ScoringState): AuditEvent => {
      modes.push(was.mode, is.mode);
      return { ...event, subject: `model/${run}` };
    };
    await foo.scoring.change(fall, told);
    await foo.scoring.change(() => null, told);
    expect(modes).toEqual(['model', 'fallback']);
    const rows = await withTenant('foo', (tx) => tx.auditEvent.count({ where: { subject: `model/${run}` } }));
    expect(rows).toBe(1);
    const overview = await store.overview();
    expect(overview.source).toEqual({ kind: 'fallback', reason: 'The endpoint is silent.', since: now });
    expect(overview.scoring).toMatchObject({ state: 'scored', version: 'bgnbd-1' });
    expect((await store.get(before?.id ?? ''))?.score?.source).toBe('default');
    await foo.scoring.change((state) => scored(state, { run }, now));
    expect(await store.get(before?.id ?? '')).toEqual(before);
  });

  it('keep their place in the list when the scores change under it', async () => {
    await whole();
    const store = customerStore('foo');
    const { next } = await store.list({ sort: 'risk', direction: 'desc', limit: 10 });
    await foo.scoring.change(fall);
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

describe('another tenant', () => {
  it('sees and changes nothing of it', async () => {
    await whole();
    const bar = scoringOf('bar');
    expect((await bar.scoring.read()).state).toMatchObject({ mode: 'default', shownRun: null });
    expect((await everyCustomer('bar')).every(({ score }) => score?.source !== 'model')).toBe(true);
    const { run } = await open(bar);
    await claim(bar, lease(run));
    expect((await storeNext(bar, lease(run), null)).written).toBe('written');
    const ofFoo = (await foo.scoring.read()).state.shownRun ?? 0;
    await expect(
      withTenant('bar', (tx) =>
        tx.scoringRun.updateMany({ where: { run: ofFoo }, data: { state: 'superseded' } }),
      ),
    ).resolves.toEqual({ count: 0 });
    await expect(
      withTenant('bar', (tx) => tx.scoring.create({ data: { tenantId: 'foo' } })),
    ).rejects.toMatchObject({ code: 'dependency_denied' });
    expect(await bar.comparisons.pairs(ofFoo, 10)).toBeNull();
    const [table = ''] = await database.tables('foo');
    const seen = await withTenant('bar', (tx) => tx.$queryRawUnsafe<unknown[]>(`SELECT * FROM ${table}`));
    expect(seen).toEqual([]);
    await expect(
      withTenant('bar', (tx) => tx.$executeRawUnsafe(`DELETE FROM ${table}`)),
    ).rejects.toMatchObject({ code: 'dependency_denied' });
    await withTenant('bar', (tx) => tx.$executeRaw`SELECT crm.drop_model_run(${ofFoo}::bigint)`);
    expect(await database.rowsOf(table)).toBe(60);
  });
});

describe('the control plane', () => {
  it('knows who is due, and nothing else', async () => {
    await whole();
    const due = (await foo.scoring.read()).state.nextHealthCheckAt ?? now;
    expect(await dueHealthChecks().due(later(due, -1), 10)).toEqual([]);
    expect(await dueHealthChecks().due(due, 10)).toEqual(['foo']);
    const move = (state: string) =>
      withControl((tx) => tx.tenant.updateMany({ where: { id: 'foo' }, data: { state } }));
    await move('suspended');
    expect(await dueHealthChecks().due(due, 10)).toEqual([]);
    await move('active');
    expect(await dueHealthChecks().due(due, 10)).toEqual(['foo']);
    await expect(withControl((tx) => tx.scoring.findMany())).rejects.toMatchObject({
      code: 'dependency_denied',
    });
    await expect(withControl((tx) => tx.modelScore.count())).rejects.toMatchObject({
      code: 'dependency_denied',
    });
  });
});

describe('the table of a run', () => {
  it('has forced row-level security, and nobody writes to it once it is seen', async () => {
    const run = await whole();
    await foo.runs.finishIndexes(run);
    await foo.runs.finishIndexes(run);
    expect(await everyCustomer('foo')).toHaveLength(61);
    const { rows: indexes } = await database.admin.query(
      `SELECT indexname FROM pg_indexes WHERE tablename = $1`,
      [`model_foo_${run}`],
    );
    expect(indexes).toHaveLength(7);
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
