import type { EndpointReading, MetricSeries } from './ports';
import { timesOf } from './windows';

type Values = readonly (number | null)[];
export type Problem = MetricSeries['problem'];

/** Latency percentiles, ms. */
export interface Latency {
  readonly p50: Values;
  readonly p90: Values;
  readonly p99: Values;
  readonly problem: Problem;
}

/** The figures of a reading. Every series has one value per period, null where there is none. */
export interface Figures {
  /** Starts of the periods, s since the epoch. */
  readonly times: readonly number[];
  readonly periodSeconds: number;
  /** A total is null if a problem hides any part of it. */
  readonly invocations: { readonly values: Values; readonly total: number | null; readonly problem: Problem };
  readonly model: Latency;
  readonly overhead: Latency;
  readonly errors: {
    /** 4XX + 5XX; null where either could not be read. */
    readonly values: Values;
    readonly client: Values;
    readonly server: Values;
    readonly total: number | null;
    readonly problem: Problem;
  };
  /** Shares in [0, 1]. */
  readonly success: { readonly values: Values; readonly total: number | null; readonly problem: Problem };
  /** Start of the newest period with a data point of any metric, s since the epoch; null when there is none. */
  readonly newest: number | null;
  /** Calls came in regularly, but none for more than two periods. */
  readonly late: boolean;
}

/** Computes errors, success rate, totals and lateness of a reading. */
export function figuresOf({ window, readAt, series }: EndpointReading): Figures {
  const times = timesOf(window);
  const { invocations, errors4xx, errors5xx } = series;
  const errors = times.map((_, at) => errorsOf(at, invocations, errors4xx, errors5xx));
  const rates = times.map((_, at) => successRate(invocations.values[at] ?? null, errors[at] ?? null));
  const errorProblem = worst(errors4xx.problem, errors5xx.problem);
  const calls = invocations.problem ? null : totalOf(invocations.values);
  const failures = errorProblem ? null : totalOf(errors);
  const newest = newestOf(times, Object.values(series));
  return {
    times,
    periodSeconds: window.periodSeconds,
    invocations: { values: invocations.values, total: calls, problem: invocations.problem },
    model: latency(series.modelP50, series.modelP90, series.modelP99),
    overhead: latency(series.overheadP50, series.overheadP90, series.overheadP99),
    errors: {
      values: errors,
      client: errors4xx.values,
      server: errors5xx.values,
      total: failures,
      problem: errorProblem,
    },
    success: {
      values: rates,
      total: successRate(calls, failures),
      problem: worst(invocations.problem, errorProblem),
    },
    newest,
    // Missing CloudWatch data does not mean that calls stopped.
    late:
      invocations.problem === null &&
      isLate(times, invocations.values, window.periodSeconds, readAt.getTime() / 1000),
  };
}

/**
 * `1 − errors / invocations`; null when there were no invocations or the errors are unknown. A failed call counts in the period
 * in which it ended, so a period may have more errors than invocations: the rate is at least 0.
 */
export function successRate(invocations: number | null, errors: number | null): number | null {
  if (invocations === null || invocations <= 0 || errors === null) return null;
  return Math.min(1, Math.max(0, 1 - errors / invocations));
}

/**
 * 4XX + 5XX of one period. SageMaker sends 0 with every successful call, so a period with calls but without error data had no
 * errors. Where CloudWatch refused or failed to return data, errors are unknown, and so is the sum.
 */
function errorsOf(
  at: number,
  invocations: MetricSeries,
  client: MetricSeries,
  server: MetricSeries,
): number | null {
  const both = [client, server].map(({ values, problem }) => ({ value: values[at] ?? null, problem }));
  if (both.some(({ value, problem }) => value === null && problem !== null)) return null;
  if (both.every(({ value }) => value === null)) return (invocations.values[at] ?? null) === null ? null : 0;
  return both.reduce((sum, { value }) => sum + (value ?? 0), 0);
}

/** The sum of the known values; null, not zero, when none is known. */
export function totalOf(values: Values): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : null;
}

function latency(p50: MetricSeries, p90: MetricSeries, p99: MetricSeries): Latency {
  const milliseconds = ({ values }: MetricSeries) =>
    values.map((value) => (value === null ? null : value / 1000));
  return {
    p50: milliseconds(p50),
    p90: milliseconds(p90),
    p99: milliseconds(p99),
    problem: worst(p50.problem, p90.problem, p99.problem),
  };
}

/** The most serious of several problems. */
function worst(...problems: readonly Problem[]): Problem {
  return (['denied', 'failed', 'partial'] as const).find((each) => problems.includes(each)) ?? null;
}

function newestOf(times: readonly number[], all: readonly MetricSeries[]): number | null {
  return times.findLast((_, at) => all.some(({ values }) => (values[at] ?? null) !== null)) ?? null;
}

/** How many periods, up to the newest data point, show whether calls come in regularly. */
const lookBack = 6;

function isLate(times: readonly number[], values: Values, periodSeconds: number, readAt: number): boolean {
  const last = values.findLastIndex((value) => value !== null);
  const at = times[last];
  if (at === undefined) return false;
  const before = values.slice(Math.max(0, last - lookBack + 1), last + 1);
  const regular =
    before.length === lookBack && before.filter((value) => value !== null).length > lookBack / 2;
  return regular && readAt - (at + periodSeconds) > 2 * periodSeconds;
}
