import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accuracy, auc, logLoss } from './metrics';

/** The definition, pair by pair. */
function pairwise(labels: readonly number[], scores: readonly number[]): number {
  let won = 0;
  let pairs = 0;
  for (const [i, a] of labels.entries()) {
    for (const [j, b] of labels.entries()) {
      if (a !== 1 || b !== 0) continue;
      pairs += 1;
      const difference = (scores[i] ?? 0) - (scores[j] ?? 0);
      won += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
    }
  }
  return won / pairs;
}

test('AUC is the share of pairs in the right order, ties half', () => {
  const pair = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 5 }));
  fc.assert(
    fc.property(fc.array(pair, { minLength: 2, maxLength: 30 }), (pairs) => {
      const labels = pairs.map(([label]) => label);
      const scores = pairs.map(([, score]) => score);
      const one = new Set(labels).size === 1;
      if (one) expect(auc(labels, scores)).toBeNull();
      else expect(auc(labels, scores)).toBeCloseTo(pairwise(labels, scores), 12);
    }),
  );
});

test('AUC of scores that are no numbers is at least an end', () => {
  expect(auc([1, 0, 1], [Number.NaN, Number.NaN, 0.5])).toEqual(expect.any(Number));
});

test('log loss and accuracy', () => {
  expect(logLoss([1, 0], [0.8, 0.4])).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12);
  expect(Number.isFinite(logLoss([1], [0]))).toBe(true);
  expect(accuracy([1, 0, 1], [0.5, 0.49, 0.2])).toBeCloseTo(2 / 3, 12);
});
