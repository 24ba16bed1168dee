import { badRequest } from './input';

/** Data points in ascending order of time, s. Times without a data point are missing, not zero. */
export interface Series {
  readonly period: number;
  readonly points: ReadonlyMap<number, number>;
}

export type MathValue = number | Series | readonly Series[];

/** Everything that an expression can refer to. */
export interface MathScope {
  /** The times at which a series of this period may have data points. */
  times(period: number): readonly number[];
  /** The series with this id, or undefined. */
  find(id: string): Series | undefined;
  /** All metrics of the request in its order, or only those whose id contains `part`. */
  metrics(part: string | undefined): readonly Series[];
}

/** A text is a label or a name, not a series. */
export const isSeries = (value: MathValue | string): value is Series =>
  typeof value === 'object' && !Array.isArray(value);

/**
 * `run` of each value. Leaves out results that are not numbers, such as a division by zero or the logarithm of a
 * negative number.
 */
export function each(value: MathValue, run: (value: number, at: number) => number | null): MathValue {
  if (typeof value === 'number') return finite(run(value, 0));
  if (!isSeries(value)) return value.map((series) => eachPoint(series, run));
  return eachPoint(value, run);
}

/** Like `each`, for one series. */
export function eachPoint(series: Series, run: (value: number, at: number) => number | null): Series {
  const points = new Map<number, number>();
  for (const [at, value] of series.points) {
    const result = run(value, at);
    if (result !== null && Number.isFinite(result)) points.set(at, result);
  }
  return { period: series.period, points };
}

function finite(value: number | null): number {
  if (value !== null && Number.isFinite(value)) return value;
  throw badRequest('The expression divides a number by zero.');
}
