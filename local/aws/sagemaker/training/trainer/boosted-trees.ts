import { seededRandom } from '@/lib/domain/churn/fixtures/simulate';
import type { Dataset } from './dataset';
import { sigmoid } from './metrics';
import { type Bins, binned } from './tree-bins';
import { bestSplit, type Histogram, histogramOf, type Split } from './tree-splits';

/** Settings of gradient-boosted trees, with XGBoost's names and meanings. */
export interface BoostingSettings {
  readonly rounds: number;
  readonly eta: number;
  readonly maxDepth: number;
  /** Share of the rows, and of the features, that one tree uses. */
  readonly subsample: number;
  readonly colsampleByTree: number;
  readonly minChildWeight: number;
  readonly lambda: number;
  readonly alpha: number;
  readonly gamma: number;
  readonly scalePosWeight: number;
  readonly maxBin: number;
  readonly seed: number;
}

/** A node, stored by its index in the tree. A leaf has `left` -1. */
export interface TreeNode {
  readonly feature: number;
  /** The threshold: rows whose feature is below it go left. In a leaf, its weight. */
  readonly value: number;
  readonly left: number;
  readonly right: number;
  readonly defaultLeft: boolean;
  readonly gain: number;
  readonly hessian: number;
  readonly baseWeight: number;
  readonly parent: number;
}

export type Tree = readonly TreeNode[];

/** The margin that one tree gives to the row that `featureAt` reads. */
export function leafOf(tree: Tree, featureAt: (feature: number) => number): number {
  let node = tree[0];
  while (node && node.left >= 0) {
    const value = featureAt(node.feature);
    const left = Number.isNaN(value) ? node.defaultLeft : value < node.value;
    node = tree[left ? node.left : node.right];
  }
  return node?.value ?? 0;
}

/**
 * Second-order gradient boosting of regression trees on the logistic loss, with histograms of quantile bins (Chen &
 * Guestrin 2016). Yields one tree per round; the caller may stop at any time.
 */
export function* boost(data: Dataset, settings: BoostingSettings): Generator<Tree> {
  const bins = binned(data, settings.maxBin);
  const random = seededRandom(settings.seed);
  const margins = new Float64Array(data.rows);
  const gradients = new Float64Array(data.rows);
  const hessians = new Float64Array(data.rows);
  for (let round = 0; round < settings.rounds; round += 1) {
    derive(data, settings, margins, gradients, hessians);
    const rows = sampledRows(data.rows, settings.subsample, random);
    const features = sampledFeatures(data.features.length, settings.colsampleByTree, random);
    const tree = growTree({ bins, gradients, hessians, features, settings }, rows);
    for (let row = 0; row < data.rows; row += 1) {
      const leaf = leafOf(tree, (feature) => data.features[feature]?.[row] ?? Number.NaN);
      margins[row] = (margins[row] ?? 0) + leaf;
    }
    yield tree;
  }
}

/** First and second derivatives of the logistic loss with respect to the margin. */
function derive(
  { rows, labels }: Dataset,
  { scalePosWeight }: BoostingSettings,
  margins: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  for (let row = 0; row < rows; row += 1) {
    const probability = sigmoid(margins[row] ?? 0);
    const label = labels[row] ?? 0;
    const weight = label === 1 ? scalePosWeight : 1;
    gradients[row] = (probability - label) * weight;
    hessians[row] = Math.max(probability * (1 - probability), 1e-16) * weight;
  }
}

function sampledRows(rows: number, share: number, random: () => number): Uint32Array {
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  return share >= 1 ? all : all.filter(() => random() < share);
}

function sampledFeatures(count: number, share: number, random: () => number): readonly number[] {
  const all = Array.from({ length: count }, (_, feature) => feature);
  if (share >= 1) return all;
  const keyed = all.map((feature) => [random(), feature] as const).sort(([a], [b]) => a - b);
  return keyed
    .slice(0, Math.max(1, Math.floor(count * share)))
    .map(([, feature]) => feature)
    .sort((a, b) => a - b);
}

interface Growing {
  readonly bins: Bins;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly features: readonly number[];
  readonly settings: BoostingSettings;
}

/** Grows one tree level by level. The rows of a node are a contiguous part of `rows`, which is reordered as nodes split. */
function growTree(growing: Growing, rows: Uint32Array): Tree {
  const { settings } = growing;
  const nodes: TreeNode[] = [];
  let level = [{ start: 0, end: rows.length, index: 0, parent: -1 }];
  let size = 1;
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: typeof level = [];
    for (const { start, end, index, parent } of level) {
      const histogram = histogramOf(growing, rows.subarray(start, end));
      const split = depth < settings.maxDepth ? bestSplit(growing, histogram) : null;
      if (!split) {
        nodes[index] = leaf(histogram, settings, parent);
        continue;
      }
      const middle = start + partition(growing.bins, rows.subarray(start, end), split);
      nodes[index] = { ...inner(split, histogram, settings, parent), left: size, right: size + 1 };
      next.push(
        { start, end: middle, index: size, parent: index },
        { start: middle, end, index: size + 1, parent: index },
      );
      size += 2;
    }
    level = next;
  }
  return nodes;
}

/** Moves the rows that go left to the front. Returns their number. */
function partition(bins: Bins, rows: Uint32Array, split: Split): number {
  const column = bins.columns[split.feature] ?? new Uint16Array();
  const goesLeft = (row: number): boolean => {
    const bin = column[row] ?? 0;
    return bin === bins.missing ? split.defaultLeft : bin <= split.bin;
  };
  const left = rows.filter(goesLeft);
  const right = rows.filter((row) => !goesLeft(row));
  rows.set(left);
  rows.set(right, left.length);
  return left.length;
}

/** The best weight of a node with these sums, before the learning rate. `alpha` shrinks it towards 0. */
function weightOf({ gradient, hessian }: Histogram, { lambda, alpha }: BoostingSettings): number {
  const drawn = Math.sign(gradient) * Math.max(0, Math.abs(gradient) - alpha);
  return hessian + lambda > 0 ? -drawn / (hessian + lambda) : 0;
}

function leaf(histogram: Histogram, settings: BoostingSettings, parent: number): TreeNode {
  const weight = Math.fround(weightOf(histogram, settings) * settings.eta);
  return {
    ...{ feature: 0, value: weight, left: -1, right: -1, defaultLeft: false },
    ...{ gain: 0, hessian: histogram.hessian, baseWeight: weight, parent },
  };
}

function inner(split: Split, histogram: Histogram, settings: BoostingSettings, parent: number) {
  const { feature, threshold: value, defaultLeft, gain } = split;
  const baseWeight = Math.fround(weightOf(histogram, settings) * settings.eta);
  return { feature, value, defaultLeft, gain, hessian: histogram.hessian, baseWeight, parent };
}
