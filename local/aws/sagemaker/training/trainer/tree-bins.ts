import type { Dataset } from './dataset';

/** Features in bins. Bin `b` of a feature has the values from `cuts[b - 1]` up to, but not including, `cuts[b]`. */
export interface Bins {
  readonly cuts: readonly Float32Array[];
  /** By feature: the bin of every row. */
  readonly columns: readonly Uint16Array[];
  /** The bin for missing values. */
  readonly missing: number;
  /** Number of bins per feature, including the one for missing values. */
  readonly width: number;
}

/**
 * Divides each feature into at most `maxBin` bins of about equal numbers of rows. With fewer distinct values, each
 * value has its own bin.
 */
export function binned(data: Dataset, maxBin: number): Bins {
  const cuts = data.features.map((column) => cutsOf(column, maxBin));
  const missing = maxBin;
  const columns = data.features.map((column, feature) => {
    const own = cuts[feature] ?? new Float32Array();
    return Uint16Array.from(column, (value) => (Number.isNaN(value) ? missing : binOf(own, value)));
  });
  return { cuts, columns, missing, width: maxBin + 1 };
}

function cutsOf(column: Float32Array, maxBin: number): Float32Array {
  const sorted = column.filter((value) => !Number.isNaN(value)).sort();
  const distinct = sorted.filter((value, index) => index === 0 || value !== sorted[index - 1]);
  const cuts: number[] = [];
  const cutBetween = (below: number, above: number): void => {
    // After rounding to single precision, the cut must still be above the lower value.
    const cut = Math.fround(below + (above - below) / 2);
    const safe = cut > below ? cut : above;
    if (safe > (cuts.at(-1) ?? Number.NEGATIVE_INFINITY)) cuts.push(safe);
  };
  if (distinct.length <= maxBin) {
    for (let index = 1; index < distinct.length; index += 1) {
      cutBetween(distinct[index - 1] ?? 0, distinct[index] ?? 0);
    }
    return Float32Array.from(cuts);
  }
  for (let bin = 1; bin < maxBin; bin += 1) {
    const at = Math.floor((bin * sorted.length) / maxBin);
    const value = sorted[at] ?? 0;
    const below = distinct[lowerBound(distinct, value) - 1];
    if (below !== undefined) cutBetween(below, value);
  }
  return Float32Array.from(cuts);
}

/** How many of `sorted` are below `value`. */
function lowerBound(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many cuts are at or below `value`. */
function binOf(cuts: Float32Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
