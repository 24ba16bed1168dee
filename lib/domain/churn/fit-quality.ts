import { churnProbability, type PurchaseHistory } from './bg-nbd';
import { type FitPoint, toParameters } from './fit-point';
import type { HistoryTable } from './history-table';
import type { Objective } from './minimise';

const step = 1e-4;

/**
 * The standard error of a score that comes from how little history the fit saw: root mean square over the customers, as a
 * probability. Infinite when the history leaves some direction of the parameters open. Laplace's approximation: the parameters'
 * covariance is the inverse of the curvature of `objective` (the negative log-posterior per customer) at its minimum `point`.
 */
export function scoreUncertainty(
  table: HistoryTable,
  objective: Objective,
  point: FitPoint,
  horizonDays: number,
): number {
  const factor = cholesky(curvature(objective, point, table.customers));
  if (factor === null) return Number.POSITIVE_INFINITY;
  const steps = point.map((_, i) => [moved(point, i, step), moved(point, i, -step)].map(toParameters));
  let sum = 0;
  for (let row = 0; row < table.length; row++) {
    const history = historyOf(table, row);
    const gradient = steps.map(([up, down]) =>
      up && down
        ? (churnProbability(up, history, horizonDays) - churnProbability(down, history, horizonDays)) /
          (2 * step)
        : 0,
    );
    sum += (table.weight[row] ?? 0) * squaredNorm(forwardSolve(factor, gradient));
  }
  return Math.sqrt(sum / table.customers);
}

/**
 * Whether the scores would mislead: some customer who came back on the last day before `as_of` ranks as likelier to leave than
 * everybody who never came back, or all who ever came back do. BG/NBD lets only those leave who came back, so a fit to little
 * history can do that.
 */
export function ranksReturnedAboveAll(table: HistoryTable, point: FitPoint, horizonDays: number): boolean {
  const parameters = toParameters(point);
  let [never, yesterday, leastReturned] = [-1, -1, 2];
  for (let row = 0; row < table.length; row++) {
    const history = historyOf(table, row);
    const churn = churnProbability(parameters, history, horizonDays);
    if (history.repeats === 0) {
      never = Math.max(never, churn);
      continue;
    }
    leastReturned = Math.min(leastReturned, churn);
    if (history.age - history.recency <= 1) yesterday = Math.max(yesterday, churn);
  }
  return never >= 0 && (yesterday > never || leastReturned > never);
}

function curvature(objective: Objective, point: FitPoint, customers: number): number[][] {
  return point.map((_, i) => {
    const [up, down] = [step, -step].map((by) => objective(moved(point, i, by)).gradient);
    return point.map((__, j) => (((up?.[j] ?? 0) - (down?.[j] ?? 0)) / (2 * step)) * customers);
  });
}

const moved = (point: FitPoint, i: number, by: number): FitPoint =>
  point.map((value, j) => (i === j ? value + by : value));

/** The lower triangle L with L·Lᵀ = `matrix`; null unless `matrix` is positive definite. */
function cholesky(matrix: readonly (readonly number[])[]): number[][] | null {
  const lower: number[][] = [];
  for (const [i, row] of matrix.entries()) {
    const current: number[] = [];
    for (let j = 0; j < i; j++) {
      current.push(((row[j] ?? 0) - dot(current, lower[j] ?? [])) / (lower[j]?.[j] ?? 1));
    }
    const rest = (row[i] ?? 0) - squaredNorm(current);
    if (!(rest > 1e-12 * Math.abs(row[i] ?? 0))) return null;
    lower.push([...current, Math.sqrt(rest)]);
  }
  return lower;
}

/** z with L·z = `values`. */
function forwardSolve(lower: readonly (readonly number[])[], values: readonly number[]): number[] {
  const solved: number[] = [];
  for (const [i, row] of lower.entries()) {
    solved.push(((values[i] ?? 0) - dot(solved, row)) / (row[i] ?? 1));
  }
  return solved;
}

/** Over the shorter of the two. */
const dot = (left: readonly number[], right: readonly number[]): number =>
  left.slice(0, right.length).reduce((sum, value, i) => sum + value * (right[i] ?? 0), 0);
const squaredNorm = (values: readonly number[]): number => dot(values, values);

const historyOf = ({ repeats, recency, age }: HistoryTable, row: number): PurchaseHistory => ({
  repeats: repeats[row] ?? 0,
  recency: recency[row] ?? 0,
  age: age[row] ?? 0,
});
