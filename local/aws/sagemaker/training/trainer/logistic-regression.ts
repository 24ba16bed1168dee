import type { Dataset } from './dataset';
import { sigmoid } from './metrics';

/** A logistic model on standardised features: `sigmoid(bias + Σ weight × (x − mean) / scale)`. */
export interface LogisticModel {
  readonly bias: number;
  readonly weights: readonly number[];
  readonly means: readonly number[];
  readonly scales: readonly number[];
}

const tolerance = 1e-8;
const longestStep = 5;

/** Probability of a row. */
export function logisticProbability(model: LogisticModel, row: ArrayLike<number>): number {
  let margin = model.bias;
  for (let index = 0; index < model.weights.length; index += 1) {
    const scaled = ((row[index] ?? 0) - (model.means[index] ?? 0)) / (model.scales[index] ?? 1);
    margin += (model.weights[index] ?? 0) * scaled;
  }
  return sigmoid(margin);
}

/**
 * Fits by Newton's method (iteratively reweighted least squares) with an L2 penalty of `l2 × rows / 2` on the weights,
 * but not on the bias. Stops after `maxIterations` or when no weight changes. `afterIteration` is called with each
 * model.
 */
export function fitLogistic(
  data: Dataset,
  l2: number,
  maxIterations: number,
  afterIteration: (iteration: number, model: LogisticModel) => void = () => undefined,
): LogisticModel {
  const { means, scales } = standardisation(data);
  const size = data.features.length + 1;
  let weights = new Array<number>(size).fill(0);
  let model = modelOf(weights, means, scales);
  for (let iteration = 0; iteration < maxIterations; iteration += 1) {
    const step = newtonStep(data, weights, means, scales, l2 * data.rows);
    weights = weights.map((weight, index) => weight + (step[index] ?? 0));
    model = modelOf(weights, means, scales);
    afterIteration(iteration, model);
    if (step.every((change) => Math.abs(change) < tolerance)) break;
  }
  return model;
}

const modelOf = (
  [bias = 0, ...weights]: readonly number[],
  means: number[],
  scales: number[],
): LogisticModel => ({
  bias,
  weights,
  means,
  scales,
});

/** Mean and standard deviation of each feature; a constant feature keeps scale 1. */
function standardisation({ features, rows }: Dataset): { means: number[]; scales: number[] } {
  const means = features.map((column) => column.reduce((sum, value) => sum + value, 0) / rows);
  const scales = features.map((column, index) => {
    const mean = means[index] ?? 0;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows;
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
  return { means, scales };
}

function newtonStep(
  { features, labels, rows }: Dataset,
  weights: readonly number[],
  means: readonly number[],
  scales: readonly number[],
  penalty: number,
): number[] {
  const size = weights.length;
  const gradient = new Array<number>(size).fill(0);
  const hessian = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const x = new Array<number>(size).fill(1);
  for (let row = 0; row < rows; row += 1) {
    let margin = weights[0] ?? 0;
    for (let index = 1; index < size; index += 1) {
      x[index] = ((features[index - 1]?.[row] ?? 0) - (means[index - 1] ?? 0)) / (scales[index - 1] ?? 1);
      margin += (x[index] ?? 0) * (weights[index] ?? 0);
    }
    const probability = sigmoid(margin);
    accumulate(gradient, hessian, x, probability - (labels[row] ?? 0), probability * (1 - probability));
  }
  for (let index = 0; index < size; index += 1) {
    // A small penalty on the bias too, so that linearly separable data have a solution.
    const own = index === 0 ? 1e-9 * rows : penalty + 1e-9 * rows;
    gradient[index] = (gradient[index] ?? 0) + own * (weights[index] ?? 0);
    const line = hessian[index];
    if (line) line[index] = (line[index] ?? 0) + own;
  }
  const step = solve(hessian, gradient).map((value) => -value);
  // Far from the optimum Newton's step can overshoot.
  const longest = Math.max(...step.map(Math.abs));
  return longest > longestStep ? step.map((value) => (value * longestStep) / longest) : step;
}

function accumulate(
  gradient: number[],
  hessian: number[][],
  x: readonly number[],
  error: number,
  curvature: number,
) {
  for (let i = 0; i < x.length; i += 1) {
    const value = x[i] ?? 0;
    gradient[i] = (gradient[i] ?? 0) + error * value;
    const line = hessian[i] ?? [];
    for (let j = 0; j < x.length; j += 1) line[j] = (line[j] ?? 0) + curvature * value * (x[j] ?? 0);
  }
}

/** Solves a system with a positive definite matrix by Gaussian elimination with partial pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length;
  const lines = matrix.map((line, index) => [...line, right[index] ?? 0]);
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1) {
      if (Math.abs(lines[row]?.[column] ?? 0) > Math.abs(lines[pivot]?.[column] ?? 0)) pivot = row;
    }
    const top = lines[pivot] ?? [];
    lines[pivot] = lines[column] ?? [];
    lines[column] = top;
    for (let row = column + 1; row < size; row += 1) {
      const line = lines[row] ?? [];
      const factor = (line[column] ?? 0) / (top[column] ?? 1);
      for (let at = column; at <= size; at += 1) line[at] = (line[at] ?? 0) - factor * (top[at] ?? 0);
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row -= 1) {
    const line = lines[row] ?? [];
    let value = line[size] ?? 0;
    for (let at = row + 1; at < size; at += 1) value -= (line[at] ?? 0) * (solution[at] ?? 0);
    solution[row] = value / (line[row] ?? 1);
  }
  return solution;
}
