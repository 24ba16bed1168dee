import { createHash } from 'node:crypto';

export interface Dimension {
  readonly name: string;
  readonly value: string;
}

/** A metric of one account in one region. Its dimensions are sorted by name. */
export interface Metric {
  readonly accountId: string;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

/** The metric with its dimensions sorted. */
export const metricOf = (metric: Metric): Metric => ({
  ...metric,
  dimensions: [...metric.dimensions].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
});

const escaped = (parts: readonly string[]): string => parts.map(encodeURIComponent).join('/');

/** The key prefix of all metrics of an account, or of one namespace, or of one name in a namespace. */
export const metricPrefix = (accountId: string, region: string, ...more: readonly string[]): string =>
  `${escaped([accountId, region, ...more])}/`;

/** The unique key of a metric. Keys sort by namespace, name and dimensions. */
export const metricKey = ({ accountId, region, namespace, name, dimensions }: Metric): string =>
  metricPrefix(accountId, region, namespace, name) +
  escaped(dimensions.flatMap((dimension) => [dimension.name, dimension.value]));

/** An id for the data of a metric in one unit. It is short because every key contains it. */
export const seriesId = (key: string, unit: string): string =>
  createHash('sha256').update(`${key}\n${unit}`).digest('base64url').slice(0, 22);

/** All units of CloudWatch. */
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
