import { badRequest } from './input';
import { each, isSeries, type MathScope, type MathValue, type Series } from './math-values';

type Argument = MathValue | string;
type Run = (args: readonly Argument[], scope: MathScope) => MathValue;

const mean = (values: readonly number[]): number => total(values) / values.length;
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** The supported functions of metric math, by name. */
export const functions: Readonly<Record<string, Run>> = {
  ABS: pointwise(Math.abs),
  CEIL: pointwise(Math.ceil),
  FLOOR: pointwise(Math.floor),
  LOG: pointwise(Math.log),
  LOG10: pointwise(Math.log10),
  AVG: aggregate(mean),
  MAX: aggregate((values) => Math.max(...values)),
  MIN: aggregate((values) => Math.min(...values)),
  STDDEV: aggregate(deviation),
  SUM: aggregate(total),
  DATAPOINT_COUNT: aggregate((values) => values.length),
  FIRST: (args) => ends(args, 0),
  LAST: (args) => ends(args, -1),
  DIFF: (args) => steps(args, (value, before) => value - before),
  RATE: (args) => steps(args, (value, before, seconds) => (value - before) / seconds),
  DIFF_TIME: (args) => steps(args, (_, __, seconds) => seconds),
  RUNNING_SUM: (args) => {
    let sum = 0;
    return each(seriesAt(args, 0), (value) => {
      sum += value;
      return sum;
    });
  },
  PERIOD: (args) => seriesAt(args, 0).period,
  METRICS: ([part], scope) => scope.metrics(typeof part === 'string' ? part : undefined),
  TIME_SERIES: ([value], scope) => {
    if (typeof value !== 'number') throw badRequest('TIME_SERIES takes a number.');
    const period = scope.metrics(undefined)[0]?.period ?? 60;
    return { period, points: new Map(scope.times(period).map((at) => [at, value])) };
  },
  FILL: (args, scope) => fill(seriesAt(args, 0), args[1], scope),
  IF: choose,
};

function pointwise(run: (value: number) => number): Run {
  return ([value]) => {
    if (value === undefined || typeof value === 'string')
      throw badRequest('A number or a time series is missing.');
    return each(value, run);
  };
}

/** For one series: one number for the whole time. For several: a series that combines their values at each time. */
function aggregate(run: (values: readonly number[]) => number): Run {
  return ([value, ...more]) => {
    if (more.length > 0) throw badRequest('Several time series are given as one array, e.g. SUM([m1, m2]).');
    if (value === undefined || typeof value === 'string') throw badRequest('A time series is missing.');
    if (typeof value === 'number') return run([value]);
    if (isSeries(value)) return value.points.size > 0 ? run([...value.points.values()]) : 0;
    const times = [...new Set(value.flatMap(({ points }) => [...points.keys()]))].sort((a, b) => a - b);
    const across = (at: number) =>
      value.map(({ points }) => points.get(at)).filter((each) => each !== undefined);
    return {
      period: Math.max(60, ...value.map(({ period }) => period)),
      points: new Map(times.map((at) => [at, run(across(at))])),
    };
  };
}

function seriesAt(args: readonly Argument[], index: number): Series {
  const value = args[index];
  if (value !== undefined && isSeries(value)) return value;
  throw badRequest('A time series is missing.');
}

function ends(args: readonly Argument[], index: 0 | -1): MathValue {
  const found = [...seriesAt(args, 0).points.values()].at(index);
  if (found === undefined) throw badRequest('The time series has no data point.');
  return found;
}

/** The change from each data point to the next; `seconds` is the time between them. */
function steps(
  args: readonly Argument[],
  run: (value: number, before: number, seconds: number) => number,
): MathValue {
  let last: readonly [number, number] | null = null;
  return each(seriesAt(args, 0), (value, at) => {
    const before = last;
    last = [at, value];
    return before ? run(value, before[1], at - before[0]) : null;
  });
}

/** Fills gaps in a series with a number, another series, the last data point, or a straight line between two. */
function fill(series: Series, filler: Argument | undefined, scope: MathScope): Series {
  const points = new Map<number, number>();
  const known = [...series.points].sort(([a], [b]) => a - b);
  let next = 0;
  for (const at of scope.times(series.period)) {
    while (next < known.length && (known[next]?.[0] ?? 0) <= at) next += 1;
    const value = series.points.get(at) ?? filled(at, filler, known[next - 1], known[next]);
    if (value !== undefined) points.set(at, value);
  }
  return { period: series.period, points };
}

type Point = readonly [at: number, value: number];

function filled(
  at: number,
  filler: Argument | undefined,
  before: Point | undefined,
  after: Point | undefined,
): number | undefined {
  if (typeof filler === 'number') return filler;
  if (filler === 'REPEAT') return before?.[1];
  if (filler === 'LINEAR') {
    if (!before || !after) return before?.[1];
    return before[1] + ((after[1] - before[1]) * (at - before[0])) / (after[0] - before[0]);
  }
  if (filler !== undefined && typeof filler !== 'string' && isSeries(filler)) return filler.points.get(at);
  throw badRequest('FILL takes a time series and a number, a time series, REPEAT or LINEAR.');
}

/** `IF(condition, then, else)`: zero is false. A missing `else` leaves no data point. */
function choose([condition, yes, no]: readonly Argument[]): MathValue {
  if (condition === undefined || yes === undefined || typeof condition === 'string') {
    throw badRequest('IF takes a condition and what holds when it is true.');
  }
  const at = (branch: Argument | undefined, time: number): number | null => {
    if (branch === undefined) return null;
    if (typeof branch === 'number') return branch;
    if (typeof branch === 'string' || !isSeries(branch))
      throw badRequest('IF takes numbers and time series.');
    return branch.points.get(time) ?? null;
  };
  if (typeof condition !== 'number')
    return each(condition, (value, time) => at(value !== 0 ? yes : no, time));
  const branch = condition !== 0 ? yes : no;
  if (branch === undefined || typeof branch === 'string') throw badRequest('IF has nothing to give.');
  return branch;
}
