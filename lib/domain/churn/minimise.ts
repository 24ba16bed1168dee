export type Objective = (point: readonly number[]) => {
  readonly value: number;
  readonly gradient: readonly number[];
};

export interface Box {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  /** Largest component of the gradient that does not point out of the box. */
  readonly slope: number;
  readonly evaluations: number;
}

interface State {
  readonly point: readonly number[];
  readonly value: number;
  readonly gradient: readonly number[];
}

const longestStep = 1.5;
const maximumIterations = 300;

/**
 * Minimises a smooth function of a few variables in a box: BFGS (Nocedal & Wright, Numerical Optimization, 2006, chapter 6) on
 * the free variables, with backtracking along the projected path. Ends when no free component of the gradient exceeds
 * `tolerance`, or when rounding allows no further descent: see `slope`. Steps back from points whose value is not finite.
 */
export function minimise(
  objective: Objective,
  start: readonly number[],
  box: Box,
  tolerance: number,
): Minimum {
  let evaluations = 0;
  const evaluate = (point: readonly number[]): State => {
    evaluations++;
    return { point, ...objective(point) };
  };
  let state = evaluate(clamp(start, box));
  let free = freeVariables(state, box);
  let inverse = identity(start.length);
  let fresh = true;
  for (let iteration = 0; iteration < maximumIterations; iteration++) {
    if (!(slope(state, free) > tolerance)) break;
    const direction = descent(inverse, state.gradient, free);
    const next = lineSearch(evaluate, state, direction, box);
    if (next === null) {
      // A stale curvature estimate may point nowhere; one try of steepest descent comes before giving up.
      if (fresh) break;
      inverse = identity(start.length);
      fresh = true;
      continue;
    }
    const nextFree = freeVariables(next, box);
    const sameFree = nextFree.every((isFree, i) => isFree === free[i]);
    inverse = sameFree ? updated(inverse, state, next, fresh) : identity(start.length);
    fresh = !sameFree;
    state = next;
    free = nextFree;
  }
  return { point: state.point, value: state.value, slope: slope(state, free), evaluations };
}

/** The first point on the projected path with sufficient descent; null when there is none. */
function lineSearch(
  evaluate: (point: readonly number[]) => State,
  from: State,
  direction: readonly number[],
  box: Box,
): State | null {
  const longest = Math.max(...direction.map(Math.abs));
  let step = Math.min(1, longestStep / longest);
  for (let attempt = 0; attempt < 60; attempt++, step /= 2) {
    const point = clamp(
      from.point.map((value, i) => value + step * at(direction, i)),
      box,
    );
    const moved = point.map((value, i) => value - at(from.point, i));
    const expected = dot(from.gradient, moved);
    const next = evaluate(point);
    if (!Number.isFinite(next.value) || !next.gradient.every(Number.isFinite)) continue;
    if (next.value <= from.value + 1e-4 * expected && next.value < from.value) return next;
    // Near the minimum the value no longer shows the descent, but the gradient still does (Hager & Zhang 2005).
    const flat = Math.abs(next.value - from.value) <= 1e-13 * Math.abs(from.value);
    if (flat && slope(next, freeVariables(next, box)) < slope(from, freeVariables(from, box))) return next;
  }
  return null;
}

/** BFGS update of the inverse Hessian; unchanged where the curvature along the step is not positive. */
function updated(
  inverse: readonly (readonly number[])[],
  from: State,
  to: State,
  fresh: boolean,
): number[][] {
  const s = to.point.map((value, i) => value - at(from.point, i));
  const y = to.gradient.map((value, i) => value - at(from.gradient, i));
  const curvature = dot(s, y);
  if (!(curvature > 1e-12 * Math.sqrt(dot(s, s) * dot(y, y)))) return inverse.map((row) => [...row]);
  const scale = fresh ? curvature / dot(y, y) : 1;
  const base = inverse.map((row) => row.map((value) => value * scale));
  const hy = base.map((row) => dot(row, y));
  const factor = (1 + dot(y, hy) / curvature) / curvature;
  return base.map((row, i) =>
    row.map(
      (value, j) =>
        value + factor * at(s, i) * at(s, j) - (at(hy, i) * at(s, j) + at(s, i) * at(hy, j)) / curvature,
    ),
  );
}

function descent(
  inverse: readonly (readonly number[])[],
  gradient: readonly number[],
  free: readonly boolean[],
): number[] {
  const reduced = gradient.map((value, i) => (free[i] ? value : 0));
  const direction = inverse.map((row, i) => (free[i] ? -dot(row, reduced) : 0));
  return dot(direction, reduced) < 0 ? direction : reduced.map((value) => -value);
}

/** Which variables are free. One is bound at a side of the box when descent would leave the box there. */
function freeVariables({ point, gradient }: State, { lower, upper }: Box): boolean[] {
  return point.map((value, i) => (at(gradient, i) > 0 ? value > at(lower, i) : value < at(upper, i)));
}

const at = (values: readonly number[], i: number): number => values[i] ?? Number.NaN;
const dot = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((sum, value, i) => sum + value * at(right, i), 0);
const clamp = (point: readonly number[], { lower, upper }: Box): number[] =>
  point.map((value, i) => Math.min(at(upper, i), Math.max(at(lower, i), value)));
const slope = ({ gradient }: State, free: readonly boolean[]): number =>
  gradient.reduce((most, value, i) => (free[i] ? Math.max(most, Math.abs(value)) : most), 0);
const identity = (size: number): number[][] =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => (i === j ? 1 : 0)));
