import { createHash } from 'node:crypto';

export interface Dimension {
  readonly name: string;
  readonly value: string;
}

/** A metric of one account in one region. Dimensions are in the order of their names. */
export interface Metric {
  readonly accountId: string;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

/** A metric with its dimensions in order. */
export const metricOf = (metric: Metric): Metric => ({
  ...metric,
  dimensions: [...metric.dimensions].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
});

const escaped = (parts: readonly string[]): string => parts.map(encodeURIComponent).join('/');

/** Beginning of the keys of all metrics of an account, or of one of its namespaces, or of one name in it. */
export const metricPrefix = (accountId: string, region: string, ...more: readonly string[]): string =>
  `${escaped([accountId, region, ...more])}/`;

/** A key that no other metric has, in the order of namespace, name and dimensions. */
export const metricKey = ({ accountId, region, namespace, name, dimensions }: Metric): string =>
  metricPrefix(accountId, region, namespace, name) +
  escaped(dimensions.flatMap((dimension) => [dimension.name, dimension.value]));

/** Names the data of a metric in one unit; short, as it stands in every key. */
export const seriesId = (key: string, unit: string): string =>
  createHash('sha256').update(`${key}\n${unit}`).digest('base64url').slice(0, 22);

/** Every unit that CloudWatch knows. */
export const units: ReadonlySet<string> = new Set([
  'Seconds',
  'Microseconds',
  'Milliseconds',
  ...['', '/Second'].flatMap((per) =>
    ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits', 'Kilobits', 'Megabits', 'Gigabits']
      .concat('Terabits', 'Count')
      .map((unit) => unit + per),
  ),
  'Percent',
  'None',
]);
