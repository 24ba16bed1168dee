import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BillLine, CostQuery } from '@/lib/domain/costs/ports';
import { everyRow } from '@/lib/domain/cursor';
import { startTestDatabase } from '@/local/testing/database';
import { spendBook, tenantSpend } from '../budget/spend';
import { withControl } from '../core/control-scope';
import { billBook, tenantBill } from './bill-book';

let database: Awaited<ReturnType<typeof startTestDatabase>>;
const book = billBook();
const accounts = { foo: '111111111111', bar: '222222222222', baz: '333333333333' };

beforeAll(async () => {
  database = await startTestDatabase(['foo', 'bar', 'baz', 'qux']);
  for (const [id, accountId] of Object.entries(accounts))
    await withControl((tx) => tx.tenant.update({ where: { id }, data: { accountId } }));
});
afterAll(() => database?.stop());

const at = (iso: string) => new Date(`${iso}:00Z`);
const line = (accountId: string, usd: string, more: Partial<BillLine> = {}): BillLine => ({
  ...{ accountId, month: '2026-03-01', service: 'Amazon SageMaker', usd, estimated: true },
  ...more,
});
const never = () => at('2100-01-01T00:00');
async function begun(iso: string): Promise<string> {
  const reading = await book.begin(at(iso), at('2026-03-10T09:00'));
  if (reading === null) throw new Error('not due');
  return reading;
}
const shown = (iso: string) => ({
  readAt: at(iso),
  asOf: at('2026-03-10T00:00'),
  nextAt: at('2026-03-10T08:00'),
});

describe('a reading', () => {
  it('was never shown: nothing is known', async () => {
    expect(await tenantBill('foo').standing()).toEqual({
      ...{ readAt: null, asOf: null },
      ...{ failingSince: null, failure: null },
    });
    expect(await tenantBill('foo').of('2026-03-01')).toBeNull();
  });

  it('is seen once it is whole, by each tenant its own part', async () => {
    const reading = await begun('2026-03-10T00:00');
    expect(await book.begin(at('2026-03-10T00:00'), never())).toBeNull();
    expect(
      await book.add(reading, [
        line(accounts.foo, '1.25'),
        line(accounts.foo, '0.5', { service: 'AWS Key Management Service' }),
        line(accounts.foo, '7', { month: '2026-02-01', estimated: false }),
        line(accounts.bar, '0.0000004'),
        line('999999999999', '100'),
      ]),
    ).toBe(3);
    // The rest of an account is on the next page.
    await book.add(reading, [line(accounts.foo, '-0.25', { service: 'Refund' }), line(accounts.foo, '1')]);
    expect(await tenantBill('foo').of('2026-03-01')).toBeNull();
    expect(await book.show(reading, shown('2026-03-10T00:00'))).toBe(true);
    expect(await tenantBill('foo').of('2026-03-01')).toEqual({
      ...{ month: '2026-03-01', usd: 2.5, estimated: true },
      services: [
        { service: 'Amazon SageMaker', usd: 2.25 },
        { service: 'AWS Key Management Service', usd: 0.5 },
        { service: 'Refund', usd: -0.25 },
      ],
    });
    expect(await tenantBill('foo').of('2026-02-01')).toMatchObject({ usd: 7, estimated: false });
    expect(await tenantBill('bar').of('2026-03-01')).toMatchObject({ usd: 0.0000004 });
    expect(await tenantBill('baz').of('2026-03-01')).toBeNull();
  });

  it('that fails or is overtaken leaves the one before it, and no rows', async () => {
    const first = await begun('2026-03-10T08:00');
    await book.add(first, [line(accounts.foo, '9')]);
    const second = await begun('2026-03-10T09:00');
    await book.add(second, [line(accounts.foo, '10')]);
    expect(await book.show(first, shown('2026-03-10T08:00'))).toBe(false);
    await book.fail(second, {
      reason: 'AWS throttled.',
      at: at('2026-03-10T09:01'),
      nextAtAfter: (n) => at(`2026-03-10T1${n}:00`),
    });
    expect(await book.standing()).toEqual({
      ...{ readAt: at('2026-03-10T00:00'), asOf: at('2026-03-10T00:00') },
      ...{ failingSince: at('2026-03-10T09:01'), failure: 'AWS throttled.' },
    });
    expect(await tenantBill('foo').of('2026-03-01')).toMatchObject({ usd: 2.5 });
    expect(await book.begin(at('2026-03-10T10:59'), never())).toBeNull();
    const third = await begun('2026-03-10T11:00');
    await book.add(third, [line(accounts.foo, '3')]);
    await book.show(third, shown('2026-03-10T11:00'));
    expect(await book.standing()).toMatchObject({ failingSince: null, failure: null });
    const readings = await withControl((tx) => tx.accountCost.groupBy({ by: ['reading'] }));
    expect(readings.map(({ reading }) => reading)).toEqual([third]);
  });
});

describe('what tenants cost', () => {
  const query: CostQuery = {
    ...{ month: '2026-03-01', before: '2026-02-01' },
    ...{ sort: 'bill', direction: 'desc', limit: 2 },
  };
  const listed = async (more: Partial<CostQuery>) => {
    const found: string[] = [];
    for await (const { id } of everyRow(
      (cursor) => book.list({ ...query, ...more, cursor }),
      (page) => page.costs,
    ))
      found.push(id);
    return found;
  };

  it('is listed with sums over all of them, whatever is not known last', async () => {
    await spendBook().claim(at('2026-03-10T12:00'), never(), 10);
    await tenantSpend('bar').add({
      ...{ since: null, until: at('2026-03-10T12:00'), runRate: 0.28, unpriced: [] },
      days: [{ day: '2026-03-10', usd: 4.5, unseenSeconds: 0 }],
    });
    const page = await book.list(query);
    expect(page).toMatchObject({ first: 1, total: 4, previous: null });
    expect(page.totals).toEqual({ tenants: 4, bill: 3.0, before: null, rate: 0.28, spent: 4.5 });
    expect(page.costs[0]).toEqual({
      ...{ id: 'foo', name: expect.any(String), state: 'active', accountId: accounts.foo },
      ...{ bill: 3, before: null, rate: null, spent: null, budget: null },
      ...{ measuredAt: null, failingSince: null },
    });
    expect(await listed({ sort: 'spent' })).toEqual(['bar', 'qux', 'foo', 'baz']);
    expect(await listed({ sort: 'rate', direction: 'asc' })).toEqual(['baz', 'foo', 'qux', 'bar']);
    expect(await listed({ sort: 'name', direction: 'asc' })).toEqual(['bar', 'baz', 'foo', 'qux']);
    expect(await listed({ search: 'BA' })).toEqual(['baz', 'bar']);
  });

  it('goes forth and back by key', async () => {
    const first = await book.list(query);
    const second = await book.list({ ...query, cursor: first.next ?? undefined });
    expect(second.first).toBe(3);
    const again = await book.list({ ...query, cursor: second.previous ?? undefined });
    expect(again.costs.map(({ id }) => id)).toEqual(first.costs.map(({ id }) => id));
    await expect(
      book.list({ ...query, sort: 'name', cursor: first.next ?? undefined }),
    ).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});
