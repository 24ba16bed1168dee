import { describe, expect, it } from 'vitest';
import { utcDay } from '@/lib/domain/time';
import { silenceOf, timeRange, timeTicks } from './order-scale';

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const order = (text: string, amount = 10) => ({ at: day(text), amount });

describe('the silence of a customer', () => {
  it('goes from the last order to the as-of date, whatever was refunded since', () => {
    const points = [order('2024-01-01'), order('2024-03-01'), order('2024-03-20', -5)];
    expect(silenceOf(points, day('2024-07-01'), 60)).toEqual({
      from: day('2024-03-01'),
      to: day('2024-07-01'),
      days: 122,
      gapEnds: day('2024-04-30'),
      horizonEnds: day('2024-05-30'),
    });
  });

  it('has no mean gap after a single order', () => {
    expect(silenceOf([order('2024-01-01')], day('2024-01-02'), 0)).toMatchObject({ days: 1, gapEnds: null });
  });

  it('is none without an order or a date', () => {
    expect(silenceOf([order('2024-01-01', -5)], day('2024-02-01'), 0)).toBeNull();
    expect(silenceOf([order('2024-01-01')], null, 0)).toBeNull();
    expect(silenceOf([], day('2024-02-01'), 0)).toBeNull();
  });
});

describe('the scales of the chart', () => {
  it('end at the as-of date', () => {
    const [from, to] = timeRange([order('2024-01-01'), order('2024-01-11')], day('2024-04-10'));
    expect([utcDay(from), to]).toEqual(['2023-12-30', day('2024-04-10')]);
    expect(timeRange([order('2024-01-01')], null)[1]).toEqual(day('2024-01-01'));
  });

  it.each([
    ['2024-01-01', '2024-01-03', ['2024-01-01', '2024-01-02', '2024-01-03']],
    ['2024-01-01', '2024-02-01', ['2024-01-01', '2024-01-08', '2024-01-15', '2024-01-22', '2024-01-29']],
    ['2023-11-15', '2024-03-20', ['2023-12-01', '2024-01-01', '2024-02-01', '2024-03-01']],
    ['2023-05-05', '2024-11-20', ['2023-07-01', '2024-01-01', '2024-07-01']],
  ])('have even ticks from %s to %s', (from, to, expected) => {
    expect(timeTicks(day(from), day(to)).ticks.map(utcDay)).toEqual(expected);
  });

  it('have few ticks in any range', () => {
    for (const days of [0.01, 1, 9, 30, 80, 200, 400, 1000, 4000, 20_000]) {
      const to = new Date(day('1990-02-27').getTime() + days * 86_400_000);
      const { ticks } = timeTicks(day('1990-02-27'), to);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThan(6);
      expect(ticks.every((tick) => tick >= day('1990-02-27') && tick <= to)).toBe(true);
    }
  });
});
