import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withTenant } from '@/lib/db/core/tenant-scope';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import { later, scored } from '@/lib/domain/scoring/transitions';
import {
  claim,
  fall,
  follow,
  foo,
  lease,
  open,
  scoringOf,
  startModelDatabase,
  storeNext,
  whole,
} from '@/local/testing/model-database';
import { everyCustomer, asOf as now } from '@/local/testing/scored-database';

let database: Awaited<ReturnType<typeof startModelDatabase>>;
beforeAll(async () => {
  database = await startModelDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.forget());

const eventOf = (run: number): AuditEvent => ({
  action: 'scores.refresh',
  subject: `scores/run-${run}`,
  actorId: 'worker',
  actorName: 'Annex',
  requestId: 'r',
});
const auditOf = async (run: number) => {
  const rows = await withTenant('foo', (tx) =>
    tx.auditEvent.findMany({ where: { subject: `scores/run-${run}` } }),
  );
  return rows.map(({ action }) => action);
};

describe('a run', () => {
  it('goes on where it was when its worker is lost, and finishes once', async () => {
    const { run } = await open();
    await claim(foo, lease(run));
    const first = await storeNext(foo, lease(run), null);
    expect(await claim(foo, lease(run, 'two'), later(now, 29_000))).toBeNull();
    const again = await claim(foo, lease(run, 'two'), later(now, 31_000));
    expect(again).toMatchObject({ lastCustomer: first.last, rowsDone: 25 });
    // The one that was thought lost finds that it is not its any more.
    expect((await storeNext(foo, lease(run), first.last)).written).toBe('lost');
    const second = await storeNext(foo, lease(run, 'two'), first.last);
    await storeNext(foo, lease(run, 'two'), second.last);
    const audit = eventOf(run);
    expect(await foo.runs.complete(lease(run), now, (state) => state, audit)).toBe('lost');
    expect(await auditOf(run)).toEqual([]);
    const end = await foo.runs.complete(lease(run, 'two'), now, (s) => scored(s, { run }, now), audit);
    expect(end).toBe('written');
    expect(await auditOf(run)).toEqual(['scores.refresh']);
    const asked = { version: 1, askedBy: null, force: false, at: now, audit: () => eventOf(99) };
    expect(await foo.runs.open(asked)).toBeNull();
    expect(await auditOf(99)).toEqual([]);
    const next = await foo.runs.open({ ...asked, force: true, audit: (made) => eventOf(made.run) });
    expect(await auditOf(next?.run ?? 0)).toEqual(['scores.refresh']);
  });

  it('takes no batch twice, nor one that does not follow', async () => {
    const { run } = await open();
    await claim(foo, lease(run));
    const first = await storeNext(foo, lease(run), null);
    expect((await storeNext(foo, lease(run), null)).written).toBe('lost');
    const elsewhere = await storeNext(foo, lease(run), 'c040');
    expect(elsewhere.written).toBe('lost');
    expect((await foo.scoring.read()).latest).toMatchObject({ rowsDone: 25, lastCustomer: first.last });
  });

  it('is opened once by many', async () => {
    await follow(foo, 1);
    const opened = await Promise.all(
      Array.from({ length: 5 }, () => foo.runs.open({ version: 1, askedBy: null, force: true, at: now })),
    );
    expect(new Set(opened.map((run) => run?.run)).size).toBe(1);
  });

  it('gives way to new features and to another version', async () => {
    const { run } = await open();
    await claim(foo, lease(run));
    await follow(foo, 2);
    expect((await storeNext(foo, lease(run), null)).written).toBe('superseded');
    const next = await open(foo, 2);
    expect(next.run).not.toBe(run);
    await claim(foo, lease(next.run));
    await database.admin.query(`UPDATE crm.history SET scored_revision = 9 WHERE tenant_id = 'foo'`);
    try {
      expect((await storeNext(foo, lease(next.run), null)).written).toBe('superseded');
      expect(await foo.runs.complete(lease(next.run), now, (state) => state)).toBe('superseded');
    } finally {
      await database.admin.query(`UPDATE crm.history SET scored_revision = revision WHERE tenant_id = 'foo'`);
    }
    expect(await Promise.all((await database.tables('foo')).map(database.rowsOf))).toEqual([0, 0]);
  });

  it('is not completed with a row missing', async () => {
    const { run } = await open();
    await claim(foo, lease(run));
    await storeNext(foo, lease(run), null, 60);
    const [table] = await database.tables('foo');
    await database.admin.query(`DELETE FROM ${table} WHERE customer_id = 'c001'`);
    await expect(foo.runs.complete(lease(run), now, (s) => scored(s, { run }, now))).rejects.toThrow(
      '60 rows',
    );
    expect((await foo.scoring.read()).state.mode).toBe('default');
  });

  it('that failed says why, and nobody sees it', async () => {
    const { run } = await open();
    await claim(foo, lease(run));
    await storeNext(foo, lease(run), null);
    expect(await foo.runs.fail(lease(run), { reason: 'HTML', at: now }, fall, eventOf(run))).toBe('written');
    expect(await auditOf(run)).toEqual(['scores.refresh']);
    const { state, latest } = await foo.scoring.read();
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
    expect(await foo.runs.tidy(later(now, -1))).toBe(true);
    expect(await database.tables('foo')).toHaveLength(2);
    expect(await foo.runs.tidy(now)).toBe(true);
    expect(await database.tables('foo')).toEqual([`crm.model_foo_${second}`]);
    expect(await everyCustomer('foo')).toHaveLength(61);
    await follow(foo, null);
    expect(await foo.runs.tidy(now)).toBe(false);
  });

  it('has nobody to score in a tenant without orders', async () => {
    await follow(scoringOf('new'), 1);
    expect(await scoringOf('new').runs.open({ version: 1, askedBy: null, force: true, at: now })).toBeNull();
  });
});
