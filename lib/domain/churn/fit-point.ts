import type { BgNbdParameters } from './bg-nbd';
import type { LogParameters } from './bg-nbd-likelihood';

/**
 * What the fit varies: ln r, ln(α/r), ln a, ln(b/a). Data determine the two ratios well: mean time between orders and odds of
 * staying. r and a describe how much customers differ, and matter little once they are large. In ln r and ln α the likelihood
 * would have a narrow diagonal valley, along which descent is slow.
 */
export type FitPoint = readonly number[];

export function toLogParameters(point: FitPoint): LogParameters {
  const [r = 0, interval = 0, a = 0, staying = 0] = point;
  return [r, r + interval, a, a + staying];
}

export function toParameters(point: FitPoint): BgNbdParameters {
  const [r, alpha, a, b] = toLogParameters(point);
  return { r: Math.exp(r), alpha: Math.exp(alpha), a: Math.exp(a), b: Math.exp(b) };
}
