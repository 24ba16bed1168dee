import { expect, it } from 'vitest';
import { appOf, endpointOf } from '@/lib/domain/testing/running-world';
import { measured } from './measure';

const at = (iso: string): Date => new Date(`${iso}:00Z`);
/** At 0.05 USD an hour. */
const app = (since: string, more = {}) => appOf('ada', { since: at(since), ...more });
/** At 0.115 USD an hour. */
const endpoint = (since: string | null) => endpointOf('churn', { since: since === null ? null : at(since) });
const rounded = (items: Parameters<typeof measured>[0], since: string, until: string) => {
  const { days, ...rest } = measured(items, at(since), at(until));
  return { ...rest, days: days.map((day) => ({ ...day, usd: Math.round(day.usd * 1e6) / 1e6 })) };
};

it('counts what ran all the time since the last measurement', () => {
  expect(rounded([app('2026-03-10T08:00')], '2026-03-14T10:00', '2026-03-14T11:00')).toEqual({
    runRate: 0.05,
    unpriced: [],
    days: [{ day: '2026-03-14', usd: 0.05, unseenSeconds: 0 }],
  });
});

it('counts what was started since from its creation', () => {
  const { days } = rounded([app('2026-03-14T10:45')], '2026-03-14T10:00', '2026-03-14T11:00');
  expect(days).toEqual([{ day: '2026-03-14', usd: 0.0125, unseenSeconds: 0 }]);
});

it('divides at midnight in UTC, also between months', () => {
  const { days } = rounded([endpoint('2026-01-01T00:00')], '2026-02-28T23:00', '2026-03-01T00:30');
  expect(days).toEqual([
    { day: '2026-02-28', usd: 0.115, unseenSeconds: 0 },
    { day: '2026-03-01', usd: 0.0575, unseenSeconds: 0 },
  ]);
});

it('fills in a pause by what still runs, and says how long nobody looked', () => {
  const { days } = rounded([app('2026-03-14T20:00')], '2026-03-13T22:00', '2026-03-15T02:00');
  expect(days).toEqual([
    { day: '2026-03-13', usd: 0, unseenSeconds: 7200 },
    { day: '2026-03-14', usd: 0.2, unseenSeconds: 86_400 },
    { day: '2026-03-15', usd: 0.1, unseenSeconds: 7200 },
  ]);
});

it('what is on its way out counts until it is gone, and not in the run rate', () => {
  const going = app('2026-03-10T08:00', { status: 'Deleting' });
  expect(rounded([going], '2026-03-14T10:00', '2026-03-14T11:00')).toMatchObject({
    runRate: 0,
    days: [{ usd: 0.05 }],
  });
});

it('counts something of unknown age since the last measurement', () => {
  expect(rounded([endpoint(null)], '2026-03-14T10:00', '2026-03-14T11:00').days).toMatchObject([
    { usd: 0.115 },
  ]);
});

it('leaves out what has no price, and says so', () => {
  const odd = app('2026-03-10T08:00', { instanceType: 'ml.p9.huge' });
  expect(rounded([odd], '2026-03-14T10:00', '2026-03-14T11:00')).toMatchObject({
    runRate: 0,
    unpriced: ['ml.p9.huge'],
    days: [{ usd: 0 }],
  });
});

it('a clock that goes backwards measures nothing', () => {
  expect(rounded([app('2026-03-10T08:00')], '2026-03-14T11:00', '2026-03-14T10:00').days).toEqual([]);
});
