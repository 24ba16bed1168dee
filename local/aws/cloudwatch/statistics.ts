import { invalid } from './input';
import { distribution, percentile, type Sketch } from './sketch';

/** Computes one statistic of a bucket; null when it is unknown. */
export type Statistic = (bucket: Sketch) => number | null;

const simple: Readonly<Record<string, Statistic>> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => (count > 0 ? sum / count : null),
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

export const simpleStatistics: ReadonlySet<string> = new Set(Object.keys(simple));

/**
 * The statistic with this name: the five simple ones, percentiles (`p99`, `p99.9`), trimmed means (`tm90`,
 * `TM(10%:90%)`) and `IQM`. Throws InvalidParameterValueException for any other.
 */
export function statisticOf(name: string): Statistic {
  const known = Object.hasOwn(simple, name) ? simple[name] : undefined;
  if (known) return known;
  const rank = /^p(\d{1,3}(?:\.\d{1,10})?)$/i.exec(name)?.[1];
  if (rank !== undefined) {
    const percent = share(name, rank);
    return (bucket) => percentile(bucket, percent);
  }
  const [from, to] = trimOf(name);
  return (bucket) => trimmedMean(bucket, from, to);
}

function trimOf(name: string): readonly [from: number, to: number] {
  if (/^IQM$/i.test(name)) return [25, 75];
  const one = /^tm(\d{1,3}(?:\.\d{1,10})?)$/i.exec(name)?.[1];
  if (one !== undefined) return [0, share(name, one)];
  const two = /^TM\((?:(\d[\d.]*)%)?:(?:(\d[\d.]*)%)?\)$/i.exec(name);
  if (two) return [share(name, two[1] ?? '0'), share(name, two[2] ?? '100')];
  throw invalid(`The value ${name} for parameter Stat is invalid.`);
}

function share(name: string, text: string): number {
  const percent = Number(text);
  if (percent >= 0 && percent <= 100) return percent;
  throw invalid(`The value ${name} for parameter Stat is invalid.`);
}

/** Mean of the samples between two percentiles (0 to 100). A value that a bound cuts counts in proportion. */
function trimmedMean(bucket: Sketch, from: number, to: number): number | null {
  if (bucket.count === 0 || bucket.blind > 0) return null;
  const low = (from / 100) * bucket.count;
  const high = (to / 100) * bucket.count;
  let below = 0;
  let sum = 0;
  let count = 0;
  for (const [value, held] of distribution(bucket)) {
    const inside = Math.max(0, Math.min(high, below + held) - Math.max(low, below));
    sum += value * inside;
    count += inside;
    below += held;
  }
  return count > 0 ? sum / count : null;
}
