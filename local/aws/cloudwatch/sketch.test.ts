import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addStatisticSet,
  addValue,
  emptySketch,
  exactUpTo,
  mergeInto,
  percentile,
  restore,
  type Sketch,
  store,
} from './sketch';
import { statisticOf } from './statistics';

const value = fc.oneof(
  fc.double({ min: -1e12, max: 1e12, noNaN: true }),
  fc.integer({ min: -50, max: 5_000_000 }),
);
const values = fc.array(value, { minLength: 1, maxLength: 400 });
const percent = fc.double({ min: 0, max: 100, noNaN: true });

function sketchOf(all: readonly number[]): Sketch {
  const sketch = emptySketch();
  for (const each of all) addValue(sketch, each);
  return sketch;
}

/** Nearest rank on the values themselves. */
function exactly(all: readonly number[], share: number): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length - 1e-9) - 1)] ?? Number.NaN;
}

const near = (got: number | null, truth: number) =>
  got !== null && Math.abs(got - truth) <= 0.01 * Math.abs(truth) + 1e-300;

describe('a sketch', () => {
  it('gives any percentile within 1 % of the value of that rank', () => {
    fc.assert(
      fc.property(values, percent, (all, share) =>
        near(percentile(sketchOf(all), share), exactly(all, share)),
      ),
    );
  });

  it('is exact while the distinct values are few, however many samples', () => {
    const few = fc.array(fc.integer({ min: 1, max: exactUpTo }), { minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(few, percent, (all, share) => percentile(sketchOf(all), share) === exactly(all, share)),
    );
  });

  it('loses nothing by being cut up, kept and put together again', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), percent, (parts, share) => {
        const merged = emptySketch();
        for (const part of parts)
          mergeInto(merged, restore(JSON.parse(JSON.stringify(store(sketchOf(part))))));
        const all = parts.flat();
        expect(merged.count).toBe(all.length);
        expect([merged.min, merged.max]).toEqual(
          [Math.min(...all), Math.max(...all)].map((each) => each + 0),
        );
        expect(near(percentile(merged, share), exactly(all, share))).toBe(true);
      }),
    );
  });

  it('stays small, whatever comes', () => {
    const sketch = emptySketch();
    for (let n = 0; n < 20_000; n += 1)
      addValue(sketch, Math.exp(((n * 7919) % 20_000) / 60 - 160) * (n % 2 ? 1 : -1));
    expect(sketch.values.size).toBeLessThanOrEqual(2048);
    expect(sketch.count).toBe(20_000);
  });

  it('knows no percentile of a statistic set, unless all its values are the same', () => {
    const blind = sketchOf([1, 2]);
    addStatisticSet(blind, { count: 10, sum: 50, min: 0, max: 9 });
    expect([blind.count, blind.sum, blind.min, blind.max]).toEqual([12, 53, 0, 9]);
    expect(percentile(blind, 50)).toBeNull();
    const same = emptySketch();
    addStatisticSet(same, { count: 10, sum: 50, min: 5, max: 5 });
    expect(percentile(same, 99)).toBe(5);
    expect(percentile(emptySketch(), 50)).toBeNull();
  });
});

describe('statistics', () => {
  const bucket = sketchOf([10, 20, 30, 40, 100]);
  it.each([
    ['SampleCount', 5],
    ['Sum', 200],
    ['Average', 40],
    ['Minimum', 10],
    ['Maximum', 100],
    ['p50', 30],
    ['p0', 10],
    ['p99.9', 100],
    ['tm80', 25],
    ['TM(20%:80%)', 30],
    ['IQM', 30],
  ])('read %s', (name, figure) => expect(statisticOf(name)(bucket)).toBeCloseTo(figure, 9));

  it.each(['p101', 'median', 'p', 'TM(10:90)', 'constructor'])('refuse %s', (name) =>
    expect(() => statisticOf(name)).toThrow(/invalid/),
  );
});
