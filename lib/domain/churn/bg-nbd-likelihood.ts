import type { HistoryTable } from './history-table';

/** ln r, ln α, ln a, ln b. */
export type LogParameters = readonly [number, number, number, number];

export interface Evaluation {
  readonly value: number;
  /** With respect to the four log-parameters. */
  readonly gradient: LogParameters;
}

/**
 * The log-likelihood of BG/NBD over weighted histories, with its gradient with respect to the logarithms of the parameters:
 * Fader, Hardie & Lee 2005, the likelihood of section 4 with the common factors taken out,
 *
 *   L = (r)ₓ · (b)ₓ/(a+b)ₓ · α^r · { (α+T)^−(r+x) + [x>0] · a/(b+x−1) · (α+t_x)^−(r+x) }
 *
 * where (z)ₓ = Γ(z+x)/Γ(z). As x is a whole number, that is z(z+1)…(z+x−1): sums of logarithms over x replace the gamma and beta
 * functions, which suffer from cancellation between nearly equal values for large parameters.
 */
export function bgNbdLogLikelihood(table: HistoryTable, point: LogParameters): Evaluation {
  const [r, alpha, a, b] = point.map(Math.exp) as [number, number, number, number];
  const counts = countTerms(table.weightByRepeats, r, a, b);
  const times = timeTerms(table, r, alpha, a, b);
  return {
    value: counts.value + times.value,
    gradient: [
      r * (counts.byR + times.byR),
      alpha * times.byAlpha,
      a * (counts.byA + times.byA),
      b * (counts.byB + times.byB),
    ],
  };
}

/** Σ weight · ln[(r)ₓ·(b)ₓ/(a+b)ₓ] for ascending x: factor j counts for every customer with more than j repeats. */
function countTerms(weightByRepeats: Float64Array, r: number, a: number, b: number) {
  let [value, byR, byA, byB, above] = [0, 0, 0, 0, 0];
  for (let j = weightByRepeats.length - 2; j >= 0; j--) {
    above += weightByRepeats[j + 1] ?? 0;
    value += above * (Math.log(r + j) + Math.log(b + j) - Math.log(a + b + j));
    byR += above / (r + j);
    byA -= above / (a + b + j);
    byB += above * (1 / (b + j) - 1 / (a + b + j));
  }
  return { value, byR, byA, byB };
}

/** Σ weight · ln(α^r·{…}). `lost` is 1 − P(alive), the share of the second term in the braces. */
function timeTerms(table: HistoryTable, r: number, alpha: number, a: number, b: number) {
  const { length, repeats, recency, age, weight } = table;
  const logAlpha = Math.log(alpha);
  const logA = Math.log(a);
  let [value, byR, byAlpha, byA, byB] = [0, 0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const x = repeats[i] ?? 0;
    const w = weight[i] ?? 0;
    const t = age[i] ?? 0;
    // ln((α+T)/α), because r·ln α − r·ln(α+T) would lose precision for large r and α.
    const grown = Math.log1p(t / alpha);
    value -= w * (r * grown + x * (logAlpha + grown));
    byR -= w * grown;
    byAlpha += (w * ((r * t) / alpha - x)) / (alpha + t);
    if (x === 0) continue;
    const quiet = t - (recency[i] ?? 0);
    const last = alpha + (recency[i] ?? 0);
    const ratio = Math.log1p(quiet / last);
    const odds = logA - Math.log(b + x - 1) + (r + x) * ratio;
    const lost = 1 / (1 + Math.exp(-odds));
    value += w * (odds > 0 ? odds + Math.log1p(Math.exp(-odds)) : Math.log1p(Math.exp(odds)));
    byR += w * lost * ratio;
    byAlpha -= (w * lost * (r + x) * quiet) / (last * (alpha + t));
    byA += (w * lost) / a;
    byB -= (w * lost) / (b + x - 1);
  }
  return { value, byR, byAlpha, byA, byB };
}
