import { madeUpRow, sampleRow } from '../churn/feature-rows';
import { churnFeatures } from '../churn/features';

/** Rows of the contract test's largest request: plausible, all different, the same in every run. */
export const manyRows: readonly (readonly number[])[] = Array.from({ length: 100 }, (_, index) =>
  madeUpRow(index),
);

/** Rows of its usual request: the first of `manyRows`. */
export const fewRows: readonly (readonly number[])[] = manyRows.slice(0, 20);

/**
 * Positions of `length` rows in a shuffled order, the same in every run. The order does not commute with reversal, so that the
 * test tells a model that reverses its results from one that keeps their order.
 */
export function shuffledPositions(length: number): number[] {
  const positions = Array.from({ length }, (_, index) => index);
  // A linear congruential generator (Numerical Recipes) shuffles well enough.
  let state = 2026;
  for (let at = length - 1; at > 0; at -= 1) {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    const other = Math.floor((state / 2 ** 32) * (at + 1));
    const moved = positions[at] ?? at;
    positions[at] = positions[other] ?? other;
    positions[other] = moved;
  }
  return positions;
}

const row = sampleRow('recent');
const line = row.join(',');
const brokenOff = row.slice(0, 3).join(',');
const short = row.slice(0, -1).join(',');
const wrong = ['recency', 'frequency', '', 'abc', 'x', 'y', 'z', '?'];
const words = churnFeatures.map((_, index) => wrong[index % wrong.length]).join(',');

/**
 * Requests that a model must refuse; `what` says what is wrong with each. SageMaker's XGBoost responds to both of `text/csv` with
 * 415 (aws/sagemaker-xgboost-container 1.7-1, `encoder.csv_to_dmatrix`).
 */
export const malformedBodies = {
  'text/csv': [
    { what: 'words instead of numbers', body: words },
    { what: 'a truncated second line', body: `${line}\n${brokenOff}` },
  ],
  'application/json': [{ what: 'truncated JSON', body: `{"instances":[{"features":[${brokenOff}` }],
} as const;

/**
 * A row without its last number, which a model should refuse but need not. SageMaker's XGBoost treats the missing value as
 * unknown and responds with a score (`serve_utils.predict` counts features only of pickled models, which `save_model` does not
 * produce).
 */
export const shortRows = {
  'text/csv': short,
  'application/json': `{"instances":[{"features":[${short}]}]}`,
} as const;
