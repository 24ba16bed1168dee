/** BG/NBD parameters; `r` and `alpha` of the purchase rate (alpha in the time unit of the data), `a` and `b` of dropout. */
export interface BgNbdParameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** A customer's purchase history, in the time unit of the parameters. */
export interface PurchaseHistory {
  /** Orders after the first (x). */
  readonly repeats: number;
  /** From the first order to the last (t_x); 0 without repeats. */
  readonly recency: number;
  /** From the first order to now (T). */
  readonly age: number;
}

/**
 * P(alive | x, t_x, T), the probability that the customer has not dropped out; 1 without repeats, because the model allows
 * dropout only after a repeat order. Fader, Hardie & Lee, "Computing P(alive) Using the BG/NBD Model", 2008.
 */
export function aliveProbability(parameters: BgNbdParameters, history: PurchaseHistory): number {
  return 1 / (1 + Math.exp(logDropoutOdds(parameters, history)));
}

/**
 * P(no order in the next `horizon` | x, t_x, T) = 1 − P(alive)·(1 − ((α+T)/(α+T+h))^(r+x)), in [0, 1]. `horizon` is in the time
 * unit of the parameters. The second factor holds because the purchase rate of a customer who is alive is gamma(r+x, α+T) (Fader,
 * Hardie & Lee, "Counting Your Customers" the Easy Way, 2005). Computed in logarithms, so that no history overflows.
 */
export function churnProbability(
  parameters: BgNbdParameters,
  history: PurchaseHistory,
  horizon: number,
): number {
  const { r, alpha } = parameters;
  const quietIfAlive = -(r + history.repeats) * Math.log1p(horizon / (alpha + history.age));
  const orders = aliveProbability(parameters, history) * -Math.expm1(quietIfAlive);
  return Math.min(1, Math.max(0, 1 - orders));
}

/** ln of the odds of having dropped out after the last order versus being alive; −∞ without repeats. */
function logDropoutOdds(
  { r, alpha, a, b }: BgNbdParameters,
  { repeats, recency, age }: PurchaseHistory,
): number {
  if (repeats === 0) return -Infinity;
  return (
    Math.log(a) - Math.log(b + repeats - 1) + (r + repeats) * Math.log1p((age - recency) / (alpha + recency))
  );
}
