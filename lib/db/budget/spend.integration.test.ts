import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { BudgetNotice, Measurement } from '@/lib/domain/budget/ports';
import { startTestDatabase } from '@/local/testing/database';
import { withControl } from '../core/control-scope';
import { spendBook, tenantSpend } from './spend';

let database: Awaited<ReturnType<typeof startTestDatabase>>;
const book = spendBook();
const foo = tenantSpend('foo');
const at = (iso: string) => new Date(`${iso}:00Z`);
const later = at('2026-04-01T00:00');

beforeAll(async () => {
  database = await startTestDatabase(['foo', 'bar', 'baz']);
  for (const [index, id] of ['foo', 'bar'].entries())
    await withControl((tx) =>
      tx.tenant.update({ where: { id }, data: { accountId: `11111111111${index}` } }),
    );
});
afterAll(() => database?.stop());

const measurement = (since: Date | null, until: Date, days: Measurement['days']): Measurement => ({
  ...{ since, until, days },
  ...{ runRate: 0.1, unpriced: ['ml.p9.huge'] },
});

describe('measuring', () => {
  it('is due for tenants with an account, each for one worker', async () => {
    const now = at('2026-03-31T22:00');
    const claimed = await Promise.all([book.claim(now, later, 10), book.claim(now, later, 10)]);
    expect(claimed.flat().sort()).toEqual(['bar', 'foo']);
    expect(await book.claim(now, later, 10)).toEqual([]);
    expect((await book.claim(later, at('2026-04-01T01:00'), 1)).length).toBe(1);
  });

  it('adds one measurement after the other, and each once', async () => {
    expect(await foo.standing()).toMatchObject({ measuredUntil: null, usd: 0 });
    const first = measurement(null, at('2026-03-31T23:00'), [
      { day: '2026-03-31', usd: 1, unseenSeconds: 0 },
    ]);
    expect(await Promise.all([foo.add(first), foo.add(first)])).toContain(false);
    expect(await foo.add(first)).toBe(false);
    expect(await foo.standing()).toEqual({
      ...{ measuredUntil: at('2026-03-31T23:00'), runRate: 0.1, unpriced: ['ml.p9.huge'] },
      ...{ month: '2026-03-01', usd: 1, failingSince: null, failure: null },
    });
    const over = measurement(first.until, at('2026-04-01T02:00'), [
      { day: '2026-03-31', usd: 0.25, unseenSeconds: 3600 },
      { day: '2026-04-01', usd: 0.5, unseenSeconds: 7200 },
    ]);
    expect(await foo.add(over)).toBe(true);
    expect(await foo.standing()).toMatchObject({ month: '2026-04-01', usd: 0.5 });
    expect(await foo.days('2026-03-01')).toEqual([{ day: '2026-03-31', usd: 1.25, unseenSeconds: 3600 }]);
    expect(await foo.days('2026-04-01')).toEqual([{ day: '2026-04-01', usd: 0.5, unseenSeconds: 7200 }]);
    expect(await tenantSpend('bar').days('2026-04-01')).toEqual([]);
  });

  it('keeps since when it fails until it succeeds', async () => {
    await foo.fail('AWS denied access.', at('2026-04-01T03:00'));
    await foo.fail('AWS throttled.', at('2026-04-01T04:00'));
    expect(await foo.standing()).toMatchObject({
      failingSince: at('2026-04-01T03:00'),
      failure: 'AWS throttled.',
    });
    await foo.add(measurement(at('2026-04-01T02:00'), at('2026-04-01T05:00'), []));
    expect(await foo.standing()).toMatchObject({ failingSince: null, failure: null, usd: 0.5 });
  });
});

describe('a notice', () => {
  const notice: BudgetNotice = {
    ...{ month: '2026-04-01', percent: 80, budgetUsd: 10, spentUsd: 8.5 },
    ...{ brakes: false, reachedAt: at('2026-04-01T05:00') },
  };
  const event = (action: AuditEvent['action']): AuditEvent => ({
    ...{ action, subject: 'budget', actorId: 'worker', actorName: 'Annex', requestId: 'r' },
    idempotencyKey: `${action}/2026-04-01/80`,
  });

  it('is kept once with its audit row, and mailed once', async () => {
    const reached = await Promise.all([
      foo.reach(notice, event('costs.measure')),
      foo.reach(notice, event('costs.measure')),
    ]);
    expect(reached.sort()).toEqual([false, true]);
    expect(await foo.notices('2026-04-01')).toEqual([notice]);
    const [unmailed] = await book.unmailed(10);
    expect(unmailed).toEqual({ ...notice, tenantId: 'foo', tenantName: expect.any(String) });
    if (unmailed) await book.mailed(unmailed, at('2026-04-01T06:00'), event('costs.warn'));
    expect(await book.unmailed(10)).toEqual([]);
    const events = await withControl((tx) => tx.auditEvent.findMany({ where: { subject: 'budget' } }));
    expect(events.map(({ tenantId, action }) => [tenantId, action]).sort()).toEqual([
      ['foo', 'costs.measure'],
      ['foo', 'costs.warn'],
    ]);
  });
});
