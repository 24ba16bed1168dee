import type { BoostingSettings } from './boosted-trees';
import type { Bins } from './tree-bins';

/** Sums of the derivatives over a node's rows, in total and by feature and bin. */
export interface Histogram {
  readonly gradient: number;
  readonly hessian: number;
  /** `[feature × width + bin]`; 0 for features that the tree does not use. */
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
}

export interface Split {
  readonly feature: number;
  /** Bins up to and including this one go left. */
  readonly bin: number;
  readonly threshold: number;
  /** Where missing values go. */
  readonly defaultLeft: boolean;
  readonly gain: number;
}

interface Sums {
  readonly bins: Bins;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly features: readonly number[];
  readonly settings: BoostingSettings;
}

/** A smaller gain is a rounding error. */
const leastGain = 1e-6;

/** Sums over `rows`. */
export function histogramOf({ bins, gradients, hessians, features }: Sums, rows: Uint32Array): Histogram {
  const size = bins.columns.length * bins.width;
  const gradientSums = new Float64Array(size);
  const hessianSums = new Float64Array(size);
  let gradient = 0;
  let hessian = 0;
  for (const row of rows) {
    gradient += gradients[row] ?? 0;
    hessian += hessians[row] ?? 0;
  }
  for (const feature of features) {
    const column = bins.columns[feature] ?? new Uint16Array();
    const offset = feature * bins.width;
    for (const row of rows) {
      const at = offset + (column[row] ?? 0);
      gradientSums[at] = (gradientSums[at] ?? 0) + (gradients[row] ?? 0);
      hessianSums[at] = (hessianSums[at] ?? 0) + (hessians[row] ?? 0);
    }
  }
  return { gradient, hessian, gradients: gradientSums, hessians: hessianSums };
}

/**
 * The split that lowers the regularised loss most: `GL²/(HL+λ) + GR²/(HR+λ) − G²/(H+λ)`, trying missing values on both
 * sides. Null when no split gains more than `gamma` with at least `minChildWeight` in each child.
 */
export function bestSplit({ bins, features, settings }: Sums, node: Histogram): Split | null {
  const whole = quality(node.gradient, node.hessian, settings);
  let best: Split | null = null;
  for (const feature of features) {
    const cuts = bins.cuts[feature] ?? new Float32Array();
    const offset = feature * bins.width;
    const missingGradient = node.gradients[offset + bins.missing] ?? 0;
    const missingHessian = node.hessians[offset + bins.missing] ?? 0;
    let gradient = 0;
    let hessian = 0;
    for (let bin = 0; bin < cuts.length; bin += 1) {
      gradient += node.gradients[offset + bin] ?? 0;
      hessian += node.hessians[offset + bin] ?? 0;
      for (const defaultLeft of missingHessian > 0 ? [false, true] : [false]) {
        const left = gradient + (defaultLeft ? missingGradient : 0);
        const leftHessian = hessian + (defaultLeft ? missingHessian : 0);
        const rightHessian = node.hessian - leftHessian;
        if (leftHessian < settings.minChildWeight || rightHessian < settings.minChildWeight) continue;
        const gain =
          quality(left, leftHessian, settings) +
          quality(node.gradient - left, rightHessian, settings) -
          whole;
        if (gain <= Math.max(settings.gamma, leastGain) || gain <= (best?.gain ?? 0)) continue;
        best = { feature, bin, threshold: cuts[bin] ?? 0, defaultLeft, gain };
      }
    }
  }
  return best;
}

function quality(gradient: number, hessian: number, { lambda, alpha }: BoostingSettings): number {
  const drawn = Math.max(0, Math.abs(gradient) - alpha);
  // 0 for an empty side without regularisation, which would divide by zero.
  return hessian + lambda > 0 ? (drawn * drawn) / (hessian + lambda) : 0;
}
