interface Normal {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Weak normal priors of ln r, ln a and ln(b/a), for histories too short to determine them. They are centred on the published fit
 * to the CDNOW customers (Fader, Hardie & Lee 2005: r 0.243, a 0.793, b 2.426); a factor of 19 either way is within 1.96
 * deviations. ln(α/r), the mean time between orders, has no prior: any history with a repeat order determines it.
 */
const priors: readonly (Normal | null)[] = [
  { mean: Math.log(0.243), deviation: 1.5 },
  null,
  { mean: Math.log(0.793), deviation: 1.5 },
  { mean: Math.log(2.426 / 0.793), deviation: 1.5 },
];

/** ln of the prior density at (ln r, ln(α/r), ln a, ln(b/a)) up to a constant, and its gradient. */
export function logPrior(point: readonly number[]): {
  readonly value: number;
  readonly gradient: readonly number[];
} {
  const scaled = priors.map((prior, i) => (prior ? ((point[i] ?? 0) - prior.mean) / prior.deviation : 0));
  return {
    value: -0.5 * scaled.reduce((sum, z) => sum + z * z, 0),
    gradient: scaled.map((z, i) => -z / (priors[i]?.deviation ?? 1)),
  };
}
