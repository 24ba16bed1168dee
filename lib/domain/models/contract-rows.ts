/**
 * Customers that the contract test asks about: plausible, all different, the same at every run. Row `index` of the eight
 * features in the interface's order.
 */
function customer(index: number): number[] {
  const tenure = 30 + ((index * 37) % 600);
  const recency = (index * 53) % tenure;
  const frequency = 1 + ((index * 7) % 15);
  const mean = 8 + ((index * 29) % 110) + (index % 4) * 0.25;
  const recentOrders = recency < 90 ? 1 + (index % Math.min(frequency, 5)) : 0;
  const gap = frequency === 1 ? 0 : Math.round(((tenure - recency) / (frequency - 1)) * 100) / 100;
  return [recency, frequency, mean, tenure, recentOrders, recentOrders * mean, gap, index % 3];
}

/** Rows of the largest request that the contract test sends. */
export const manyRows: readonly (readonly number[])[] = Array.from({ length: 100 }, (_, index) =>
  customer(index),
);

/** Rows of its usual request: the first of `manyRows`. */
export const fewRows: readonly (readonly number[])[] = manyRows.slice(0, 20);

/**
 * Another order of `rows`, the same at every run; returns the positions in it. It does not commute with reversing, so that
 * a model which turns its answers round is told from one that keeps their order.
 */
export function shuffledPositions(length: number): number[] {
  const positions = Array.from({ length }, (_, index) => index);
  // A linear congruential generator (Numerical Recipes) is enough to be out of order.
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

/**
 * Requests that a model must refuse. `what` says what is wrong with each. SageMaker's XGBoost answers both of `text/csv` with
 * 415 (aws/sagemaker-xgboost-container 1.7-1, `encoder.csv_to_dmatrix`).
 */
export const malformedBodies = {
  'text/csv': [
    { what: 'words instead of numbers', body: 'recency,frequency,,abc,x,y,z,?' },
    { what: 'a truncated second line', body: '3,12,41.5,640,4,166,57.91,0\n3,12,41.5' },
  ],
  'application/json': [{ what: 'truncated JSON', body: '{"instances":[{"features":[3,12,41.5' }],
} as const;

/**
 * A row of seven: a model had better refuse it too, but need not. SageMaker's XGBoost takes what is missing at the end for
 * unknown and answers (`serve_utils.predict` counts features of pickled models alone; `save_model` makes others).
 */
export const shortRows = {
  'text/csv': '3,12,41.5,640,4,166,57.91',
  'application/json': '{"instances":[{"features":[3,12,41.5,640,4,166,57.91]}]}',
} as const;
