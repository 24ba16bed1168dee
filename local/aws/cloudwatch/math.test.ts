import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from './math';
import { parseExpression } from './math-parse';
import { isSeries, type MathScope, type MathValue, type Series } from './math-values';

const series = (points: Readonly<Record<number, number>>): Series => ({
  period: 60,
  points: new Map(Object.entries(points).map(([at, value]) => [Number(at), value])),
});

const known: Readonly<Record<string, Series>> = {
  i: series({ 0: 10, 60: 0, 180: 4 }),
  e: series({ 0: 1, 60: 0, 180: 4 }),
  none: series({}),
};
const scope: MathScope = {
  times: () => [0, 60, 120, 180, 240],
  find: (id) => (Object.hasOwn(known, id) ? known[id] : undefined),
  metrics: (part) =>
    Object.keys(known)
      .filter((id) => part === undefined || id.includes(part))
      .flatMap((id) => known[id] ?? []),
};

const result = (source: string): MathValue => evaluate(parseExpression(source), scope);
function points(source: string): Record<string, number> {
  const value = result(source);
  if (!isSeries(value)) throw new Error('not a series');
  return Object.fromEntries(value.points);
}

describe('metric math', () => {
  it('has no data point where it would divide by zero or a series has none', () => {
    expect(points('1 - e/i')).toEqual({ 0: 0.9, 180: 0 });
    expect(points('i + none')).toEqual({});
    expect(points('100 * (1 - e / i)')).toEqual({ 0: 90, 180: 0 });
  });

  it.each([
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['-2 ^ 2', -4],
    ['2 ^ 3 ^ 2', 512],
    ['7 - 2 - 1', 4],
    ['1 < 2 AND 3 >= 4 OR 1 == 1', 1],
    ['1.5e1 / 3', 5],
    ['SUM(i)', 14],
    ['AVG(i)', 14 / 3],
    ['MAX(e) - MIN(e)', 4],
    ['PERIOD(i)', 60],
    ['LAST(i)', 4],
    ['DATAPOINT_COUNT(e)', 3],
    ['SUM(none)', 0],
  ])('works out %s', (source, value) => expect(result(source)).toBeCloseTo(Number(value), 12));

  it.each([
    ['FILL(i, 0)', { 0: 10, 60: 0, 120: 0, 180: 4, 240: 0 }],
    ['FILL(i, REPEAT)', { 0: 10, 60: 0, 120: 0, 180: 4, 240: 4 }],
    ['FILL(i, LINEAR)', { 0: 10, 60: 0, 120: 2, 180: 4, 240: 4 }],
    ['FILL(none, e)', { 0: 1, 60: 0, 180: 4 }],
    ['IF(i > 3, 1, 0)', { 0: 1, 60: 0, 180: 1 }],
    ['IF(i != 0, e / i)', { 0: 0.1, 180: 1 }],
    ['SUM([i, e])', { 0: 11, 60: 0, 180: 8 }],
    ['SUM(METRICS())', { 0: 11, 60: 0, 180: 8 }],
    ['SUM(METRICS("e"))', { 0: 1, 60: 0, 180: 4 }],
    ['DIFF(i)', { 60: -10, 180: 4 }],
    ['RATE(i)', { 60: -10 / 60, 180: 4 / 120 }],
    ['RUNNING_SUM(i)', { 0: 10, 60: 10, 180: 14 }],
    ['ABS(0 - i)', { 0: 10, 60: 0, 180: 4 }],
  ])('works out the series %s', (source, expected) => expect(points(source)).toEqual(expected));

  it.each([
    '1 +',
    'i ** 2',
    'x + 1',
    'NOPE(i)',
    '(1',
    'SUM(i, e)',
    "'text'",
    '1 / 0',
    'i e',
    'FILL(i, MAYBE)',
    '#',
  ])('refuses %s', (source) =>
    expect(() => result(source)).toThrow(expect.objectContaining({ code: 'ValidationException' })),
  );

  it('refuses or reads whatever text it is given', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ie01+-*/^()[],<>="IFSUM &|'), maxLength: 40 }),
        (source) => {
          try {
            result(source);
          } catch (error) {
            expect(error).toMatchObject({ code: 'ValidationException' });
          }
        },
      ),
    );
    expect(() => result('('.repeat(5000))).toThrow(expect.objectContaining({ code: 'ValidationException' }));
  });
});
