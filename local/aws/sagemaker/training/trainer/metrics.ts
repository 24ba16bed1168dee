/**
 * Area under the ROC curve: the probability that a positive scores above a negative, with ties counted half
 * (Mann–Whitney U with mid-ranks). Null when only one of the labels occurs.
 */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  const order = Uint32Array.from({ length: labels.length }, (_, index) => index);
  order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] ?? 0];
    let end = start;
    let tied = 0;
    // NaN, of a model that has overflown, is its own equal here.
    while (end < order.length && Object.is(scores[order[end] ?? 0], score)) {
      tied += labels[order[end] ?? 0] === 1 ? 1 : 0;
      end += 1;
    }
    // Ranks start at 1. Tied scores all get their mean rank.
    rankSum += (tied * (start + 1 + end)) / 2;
    positives += tied;
    start = end;
  }
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Mean negative log-likelihood. Probabilities are kept 1e-16 away from 0 and 1, as in XGBoost. */
export function logLoss(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < labels.length; index += 1) {
    const p = Math.min(1 - 1e-16, Math.max(1e-16, probabilities[index] ?? 0));
    sum -= labels[index] === 1 ? Math.log(p) : Math.log(1 - p);
  }
  return sum / labels.length;
}

/** Share of the rows whose probability is on the label's side of 0.5. */
export function accuracy(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let right = 0;
  for (let index = 0; index < labels.length; index += 1) {
    right += ((probabilities[index] ?? 0) >= 0.5 ? 1 : 0) === labels[index] ? 1 : 0;
  }
  return right / labels.length;
}

/** The logistic function, without overflow. */
export const sigmoid = (margin: number): number => 1 / (1 + Math.exp(-margin));
