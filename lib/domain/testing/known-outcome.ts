import type { Measures, Outcome } from '../scoring/ports';

type Known = Extract<Outcome, { known: true }>;

/** What a model was measured to be worth. */
export const measured = (auc: number | null, brier = 0.15): Measures => ({ auc, brier, mean: 0.3 });

/** An outcome of 5,000 customers by which the model ranks better than the default. */
export const knownOutcome = (given: Partial<Known> = {}): Known => ({
  known: true,
  asOf: new Date('2026-06-01Z'),
  until: new Date('2026-08-30Z'),
  customers: 5000,
  sampled: 5000,
  churned: 1500,
  default: measured(0.75),
  reason: null,
  model: measured(0.82),
  baseline: 0.21,
  ...given,
});
