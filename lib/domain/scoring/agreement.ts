/**
 * Spearman's rank correlation, in [-1, 1]: Pearson's correlation of the ranks, where equal values share their mean rank (Spearman
 * 1904). Null when either side is empty or has only one distinct value.
 */
export function rankAgreement(left: readonly number[], right: readonly number[]): number | null {
  const [a, b] = [ranks(left), ranks(right)];
  const middle = (a.length + 1) / 2;
  let [both, onlyA, onlyB] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [(a[i] ?? 0) - middle, (b[i] ?? 0) - middle];
    both += x * y;
    onlyA += x * x;
    onlyB += y * y;
  }
  return onlyA > 0 && onlyB > 0 ? Math.max(-1, Math.min(1, both / Math.sqrt(onlyA * onlyB))) : null;
}

/**
 * Area under the ROC curve: the chance that a random member for whom `happened` is true has a higher probability than one for
 * whom it is false, ties counting half; computed by the rank sum (Mann & Whitney 1947). Null when `happened` is the same for all.
 */
export function areaUnderCurve(
  probabilities: readonly number[],
  happened: readonly boolean[],
): number | null {
  const each = ranks(probabilities);
  let [positives, rankSum] = [0, 0];
  for (let i = 0; i < each.length; i += 1) {
    if (!happened[i]) continue;
    positives += 1;
    rankSum += each[i] ?? 0;
  }
  const negatives = each.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** The mean squared difference between probability and outcome (Brier 1950), in [0, 1]; NaN without values. */
export function brierScore(probabilities: readonly number[], happened: readonly boolean[]): number {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i += 1)
    sum += ((probabilities[i] ?? 0) - (happened[i] ? 1 : 0)) ** 2;
  return sum / probabilities.length;
}

/** Counts by tenth on the left (outer) and on the right (inner): 10 × 10. */
export function jointTenths(left: readonly number[], right: readonly number[]): number[][] {
  const counts = Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => 0));
  for (let i = 0; i < left.length; i += 1) {
    const row = counts[tenth(left[i] ?? 0)];
    const column = tenth(right[i] ?? 0);
    if (row) row[column] = (row[column] ?? 0) + 1;
  }
  return counts;
}

/** The values below which each of `shares` of `values` lies, interpolated linearly. NaN without values. */
export function quantiles(values: readonly number[], shares: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return shares.map((share) => {
    const at = share * (sorted.length - 1);
    const [below = Number.NaN, above = below] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
    return below + (above - below) * (at - Math.floor(at));
  });
}

/** Ranks from 1, in the order of the values; equal values share the mean of theirs. */
function ranks(values: readonly number[]): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const result = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (let i = from; i < to; i += 1) result[order[i] ?? 0] = (from + 1 + to) / 2;
    from = to;
  }
  return result;
}

const tenth = (probability: number): number => Math.min(9, Math.floor(probability * 10));
