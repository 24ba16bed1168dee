import type { EndpointReading, MetricSeries } from './ports';
import { type Callers, callersOf, type Problem, type Values, worst } from './traffic';
import { timesOf } from './windows';

/** Latency percentiles, ms. */
export interface Latency {
  readonly p50: Values;
  readonly p90: Values;
  readonly p99: Values;
  readonly problem: Problem;
}

/** The figures of a reading. Every series has one value per period, null where there is none. */
export interface Figures extends Callers {
  /** Starts of the periods, s since the epoch. */
  readonly times: readonly number[];
  readonly periodSeconds: number;
  /** Of all calls, because percentiles cannot be told apart by caller. */
  readonly model: Latency;
  readonly overhead: Latency;
  /** Start of the newest period in which SageMaker measured anything, s since the epoch; null when there is none. */
  readonly newest: number | null;
  /** Calls came in regularly, but none for more than two periods. */
  readonly late: boolean;
}

/** Computes callers, errors, success rates, totals and lateness of a reading. */
export function figuresOf({ window, readAt, series }: EndpointReading, severalVariants = false): Figures {
  const times = timesOf(window);
  const { invocations, errors4xx, errors5xx, modelP50, modelP90, modelP99 } = series;
  const { overheadP50, overheadP90, overheadP99 } = series;
  const latencies = [modelP50, modelP90, modelP99, overheadP50, overheadP90, overheadP99];
  return {
    times,
    periodSeconds: window.periodSeconds,
    ...callersOf({ series }, times.length, severalVariants),
    model: latency(modelP50, modelP90, modelP99),
    overhead: latency(overheadP50, overheadP90, overheadP99),
    newest: newestOf(times, [invocations, errors4xx, errors5xx, ...latencies]),
    // Missing CloudWatch data does not mean that calls stopped.
    late:
      invocations.problem === null &&
      !window.pinned &&
      isLate(times, invocations.values, window.periodSeconds, readAt.getTime() / 1000),
  };
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
