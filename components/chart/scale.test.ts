import { describe, expect, it } from 'vitest';
import { linePath, lonePath, roundTicks, stacked, timeTicks } from './scale';

const seconds = (text: string) => Date.parse(text) / 1000;
const same = (value: number) => value;

describe('the scales of a chart', () => {
  it.each([
    [[12.5], [0, 5, 10, 15]],
    [
      [90, -30],
      [-50, 0, 50, 100],
    ],
    [[0], [0, 0.5]],
    [[-4], [-4, -3, -2, -1, 0]],
  ])('have round amounts around %o', (amounts, expected) => {
    expect(roundTicks(amounts)).toEqual(expected);
  });

  it('have whole numbers for counts', () => {
    expect(roundTicks([1], 1)).toEqual([0, 1]);
    expect(roundTicks([3], 1)).toEqual([0, 1, 2, 3]);
    expect(roundTicks([900], 1)).toEqual([0, 500, 1000]);
  });

  it('have a few round times, and name the days', () => {
    const labels = (from: string, to: string) =>
      timeTicks(seconds(from), seconds(to), 'UTC').map(({ label }) => label);
    expect(labels('2026-03-01T09:08Z', '2026-03-01T10:08Z')).toEqual(
      '09:10 09:20 09:30 09:40 09:50 10:00'.split(' '),
    );
    expect(labels('2026-03-01T10:15Z', '2026-03-02T10:15Z')).toEqual(['12:00', '18:00', '02 Mar', '06:00']);
    expect(labels('2026-02-01T00:00Z', '2026-03-03T00:00Z')).toHaveLength(7);
  });
});

describe('a line', () => {
  it('has gaps where values are missing, and dots where they are alone', () => {
    const values = [1, 2, null, 3, null, null, 4, 5];
    expect(linePath(values, same, same)).toBe('M0 1L1 2M3 3M6 4L7 5');
    expect(lonePath(values, same, same)).toBe('M3 3h0');
    expect(lonePath([7], same, same)).toBe('M0 7h0');
  });
});

describe('bars', () => {
  it('stand on each other, and leave out what is missing or zero', () => {
    expect(
      stacked([
        [5, null, 0],
        [1, 2, null],
      ]),
    ).toEqual([
      [[0, 5], null, null],
      [[5, 6], [0, 2], null],
    ]);
  });
});
