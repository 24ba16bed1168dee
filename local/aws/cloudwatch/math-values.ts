import { badRequest } from './input';

/** Data points by time, s, ascending. What has no data point is missing, which is not zero. */
export interface Series {
  readonly period: number;
  readonly points: ReadonlyMap<number, number>;
}

export type MathValue = number | Series | readonly Series[];

/** What an expression can refer to. */
export interface MathScope {
  /** The times at which a series may have a data point, by its period. */
  times(period: number): readonly number[];
  /** Undefined for an unknown id. */
  find(id: string): Series | undefined;
  /** Every metric of the request, in its order; with a text, those whose id has it. */
  metrics(part: string | undefined): readonly Series[];
}

/** A text is a label or a name; it is not a series. */
export const isSeries = (value: MathValue | string): value is Series =>
  typeof value === 'object' && !Array.isArray(value);

/** `run` of each value, leaving out what comes to no number (a division by zero, a logarithm of less). */
export function each(value: MathValue, run: (value: number, at: number) => number | null): MathValue {
  if (typeof value === 'number') return finite(run(value, 0));
  if (!isSeries(value)) return value.map((series) => eachPoint(series, run));
  return eachPoint(value, run);
}

/** As `each`, of one series: points that come to no number are left out. */
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
