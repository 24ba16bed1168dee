import { expect, it } from 'vitest';
import { monthAfter, monthBefore, monthInWords, monthOf } from '../month';
import { isLate, monthOnBill, nextTry, reachOf } from './bill';
import type { BillStanding } from './ports';

const at = (iso: string): Date => new Date(`${iso}:00Z`);
const standing = (more: Partial<BillStanding>): BillStanding => ({
  ...{ readAt: null, asOf: null, failingSince: null, failure: null },
  ...more,
});

it('months are those of UTC', () => {
  expect(monthOf(new Date('2026-03-01T00:30:00+02:00'))).toBe('2026-02-01');
  expect(monthBefore(at('2026-01-31T12:00'))).toBe('2025-12-01');
  expect(monthAfter(at('2026-01-31T12:00'))).toBe('2026-02-01');
  expect(monthAfter(at('2026-12-01T00:00'))).toBe('2027-01-01');
  expect(monthInWords('2026-12-01')).toBe('December 2026');
});

it('tells nothing billed from not read', () => {
  const read = standing({ readAt: at('2026-03-01T00:10') });
  expect(monthOnBill(read, '2026-03-01', null)).toEqual({ state: 'nothing' });
  expect(monthOnBill(standing({ readAt: at('2026-02-28T23:50') }), '2026-03-01', null)).toEqual({
    state: 'unread',
  });
  expect(monthOnBill(standing({}), '2026-03-01', null)).toEqual({ state: 'unread' });
  const bill = { month: '2026-03-01', usd: 0, estimated: true, services: [] };
  expect(monthOnBill(read, '2026-03-01', bill)).toEqual({ state: 'billed', bill });
});

it('reaches to the end of the newest day, and not into the future', () => {
  expect(reachOf('2026-03-13', at('2026-03-15T10:00'))).toEqual(at('2026-03-14T00:00'));
  expect(reachOf('2026-03-15', at('2026-03-15T10:00'))).toEqual(at('2026-03-15T10:00'));
  expect(reachOf(null, at('2026-03-15T10:00'))).toBeNull();
});

it('is late once AWS is behind for longer than it says', () => {
  const read = standing({ asOf: at('2026-03-13T00:00') });
  expect(isLate(read, at('2026-03-14T12:00'))).toBe(false);
  expect(isLate(read, at('2026-03-14T12:01'))).toBe(true);
  expect(isLate(standing({}), at('2026-03-14T12:01'))).toBe(false);
});

it('tries again after pauses that double, and never less often than it reads anyway', () => {
  const minutes = (failures: number) =>
    (nextTry(at('2026-03-01T00:00'), failures, 28_800).getTime() - at('2026-03-01T00:00').getTime()) / 60_000;
  expect([1, 2, 3, 4, 5, 50].map(minutes)).toEqual([30, 60, 120, 240, 480, 480]);
});
