/**
 * A summary of the values in one bucket of time. Counts, sum, minimum and maximum are exact. Percentiles are exact
 * while the bucket has few distinct values. With more, values are rounded to a logarithmic grid, and a percentile is
 * within 1 % of the exact one. Source: DDSketch (Masson, Rim & Lee 2019), with the same grid for all buckets, so that
 * merging is adding.
 */
export interface Sketch {
  count: number;
  sum: number;
  min: number;
  max: number;
  /** Number of samples from statistic sets, whose distribution is unknown. */
  blind: number;
  /** Count by value; only grid values when `onGrid`. */
  values: Map<number, number>;
  onGrid: boolean;
}

/** The form on disk: the totals, then value and count in turn. */
export type StoredSketch = readonly [
  count: number,
  sum: number,
  min: number,
  max: number,
  blind: number,
  onGrid: 0 | 1,
  ...pairs: number[],
];

/** A bucket is exact up to this many distinct values. */
export const exactUpTo = 64;
/** The grid's relative error. It is documented as 1 %; the difference covers rounding to six digits. */
const accuracy = 0.00999;
const gamma = (1 + accuracy) / (1 - accuracy);
const logGamma = Math.log(gamma);
/** Enough for 17 decades in one bucket. Beyond that, the values nearest to zero are merged and lose their error bound. */
const maxGridValues = 2048;

/** A sketch of no values. */
export const emptySketch = (): Sketch => ({
  count: 0,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  blind: 0,
  values: new Map(),
  onGrid: false,
});

/** Adds `count` samples of `value`. */
export function addValue(sketch: Sketch, value: number, count = 1): void {
  if (count <= 0) return;
  sketch.count += count;
  sketch.sum += value * count;
  sketch.min = Math.min(sketch.min, value);
  sketch.max = Math.max(sketch.max, value);
  place(sketch, value, count);
}

/** A statistic set, as `PutMetricData` accepts it. Its distribution is known only when all its values are equal. */
export interface StatisticSet {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** Adds a statistic set. Unless all its values are equal, the sketch has no percentiles from then on. */
export function addStatisticSet(sketch: Sketch, { count, sum, min, max }: StatisticSet): void {
  if (count <= 0) return;
  if (min === max) {
    addValue(sketch, min, count);
    return;
  }
  sketch.count += count;
  sketch.sum += sum;
  sketch.min = Math.min(sketch.min, min);
  sketch.max = Math.max(sketch.max, max);
  sketch.blind += count;
}

/** Adds `other` to `sketch`. */
export function mergeInto(sketch: Sketch, other: Sketch): void {
  sketch.count += other.count;
  sketch.sum += other.sum;
  sketch.min = Math.min(sketch.min, other.min);
  sketch.max = Math.max(sketch.max, other.max);
  sketch.blind += other.blind;
  if (other.onGrid && !sketch.onGrid) toGrid(sketch);
  for (const [value, count] of other.values) place(sketch, value, count);
}

/** Values with their counts, ascending. */
export const distribution = (sketch: Sketch): readonly (readonly [value: number, count: number])[] =>
  [...sketch.values].sort(([a], [b]) => a - b);

/**
 * The percentile `percent` (0 to 100) by nearest rank: the smallest value with at least that share of the samples at or
 * below it. Null when part of the distribution is unknown.
 */
export function percentile(sketch: Sketch, percent: number): number | null {
  if (sketch.count === 0 || sketch.blind > 0) return null;
  if (percent <= 0) return sketch.min;
  const rank = (percent / 100) * sketch.count;
  let below = 0;
  for (const [value, count] of distribution(sketch)) {
    below += count;
    // Counts may be fractions, so rounding errors of a rank must not matter.
    if (below >= rank - 1e-9 * sketch.count) return Math.min(sketch.max, Math.max(sketch.min, value));
  }
  return sketch.max;
}

/** The form on disk, which `restore` reads. */
export function store(sketch: Sketch): StoredSketch {
  const { count, sum, min, max, blind, onGrid } = sketch;
  return [count, sum, min, max, blind, onGrid ? 1 : 0, ...distribution(sketch).flat()];
}

/** The sketch that `store` wrote. */
export function restore([count, sum, min, max, blind, onGrid, ...pairs]: StoredSketch): Sketch {
  const values = new Map<number, number>();
  for (let at = 0; at + 1 < pairs.length; at += 2) values.set(pairs[at] ?? 0, pairs[at + 1] ?? 0);
  return { count, sum, min, max, blind, values, onGrid: onGrid === 1 };
}

function place(sketch: Sketch, value: number, count: number): void {
  const kept = sketch.onGrid ? gridValue(value) : value;
  sketch.values.set(kept, (sketch.values.get(kept) ?? 0) + count);
  if (!sketch.onGrid && sketch.values.size > exactUpTo) toGrid(sketch);
  if (sketch.values.size > maxGridValues) mergeNearestToZero(sketch);
}

function toGrid(sketch: Sketch): void {
  const exact = sketch.values;
  sketch.values = new Map();
  sketch.onGrid = true;
  for (const [value, count] of exact) place(sketch, value, count);
}

/** The grid's value for `value`, within 1 % of it. A value of the grid stays the same. */
function gridValue(value: number): number {
  if (value === 0) return 0;
  const step = Math.ceil(Math.log(Math.abs(value)) / logGamma);
  const middle = Math.exp(step * logGamma) * (2 / (gamma + 1));
  return Math.sign(value) * Number(middle.toPrecision(6));
}

/** Merges the smaller half of the magnitudes into one value: for latencies, the high percentiles matter. */
function mergeNearestToZero(sketch: Sketch): void {
  const order = [...sketch.values.keys()].sort((a, b) => Math.abs(a) - Math.abs(b));
  const merged = order.slice(0, maxGridValues / 2);
  const into = order[maxGridValues / 2] ?? 0;
  for (const value of merged) {
    sketch.values.set(into, (sketch.values.get(into) ?? 0) + (sketch.values.get(value) ?? 0));
    sketch.values.delete(value);
  }
}
