/** Bands of churn risk, highest first. */
export const riskBands = ['high', 'medium', 'low'] as const;
export type RiskBand = (typeof riskBands)[number];

export const bandNames: Readonly<Record<RiskBand, string>> = { high: 'High', medium: 'Medium', low: 'Low' };

const mediumFrom = 0.4;
const highFrom = 0.7;

/**
 * The range of each band: probabilities of at least `from` and below `before`. Null: unbounded. PostgreSQL's column `band` uses
 * the same limits.
 */
export const bandLimits: Readonly<
  Record<RiskBand, { readonly from: number | null; readonly before: number | null }>
> = {
  high: { from: highFrom, before: null },
  medium: { from: mediumFrom, before: highFrom },
  low: { from: null, before: mediumFrom },
};

/** The band of a churn probability in [0, 1]. */
export const bandOf = (probability: number): RiskBand =>
  probability >= highFrom ? 'high' : probability >= mediumFrom ? 'medium' : 'low';
