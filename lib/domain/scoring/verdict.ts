import type { Outcome } from './ports';

type Known = Extract<Outcome, { known: true }>;

/** Which of two models ranked the customers better, as far as the outcome can tell. */
export interface Verdict {
  /** `alike`: the difference is within what chance makes of so many customers. */
  readonly ranking: 'model' | 'default' | 'alike';
  readonly auc: { readonly model: number; readonly default: number };
  /** Whose probabilities came closer to the outcome, by Brier score. */
  readonly closer: 'model' | 'default' | 'alike';
  /** Whether the model's probabilities are worse than the overall rate for everybody would be. */
  readonly worseThanRate: boolean;
}

/** Two-sided, at 5 %. */
const certainty = 1.96;
/** Differences that the page does not show. */
const shownBrier = 0.0005;

/**
 * Compares both models with the outcome; null when one of them has no AUC. The standard errors are added as if the models
 * had been measured on different customers. They were measured on the same ones, so a difference that counts here does.
 */
export function verdictOf({ default: ofDefault, model, churned, sampled, baseline }: Known): Verdict | null {
  if (ofDefault === null || ofDefault.auc === null || model.auc === null) return null;
  const stayed = sampled - churned;
  const difference = model.auc - ofDefault.auc;
  const chance =
    certainty * Math.hypot(errorOf(model.auc, churned, stayed), errorOf(ofDefault.auc, churned, stayed));
  const nearer = ofDefault.brier - model.brier;
  return {
    ranking: Math.abs(difference) <= chance ? 'alike' : difference > 0 ? 'model' : 'default',
    auc: { model: model.auc, default: ofDefault.auc },
    closer: Math.abs(nearer) < shownBrier ? 'alike' : nearer > 0 ? 'model' : 'default',
    worseThanRate: model.brier - baseline >= shownBrier,
  };
}

/** Standard error of an AUC, by Hanley and McNeil, Radiology 143 (1982), pages 29 to 36. */
function errorOf(auc: number, churned: number, stayed: number): number {
  const twoChurned = auc / (2 - auc);
  const twoStayed = (2 * auc ** 2) / (1 + auc);
  const variance =
    auc * (1 - auc) + (churned - 1) * (twoChurned - auc ** 2) + (stayed - 1) * (twoStayed - auc ** 2);
  return Math.sqrt(Math.max(0, variance) / (churned * stayed));
}
