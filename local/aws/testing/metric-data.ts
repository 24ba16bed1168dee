import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';

/** Begins the hour before this one: nothing of it moves while the tests run, and it stays within the last three hours. ms. */
export const begin = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000;

/** That many seconds after `begin`. */
export const at = (seconds: number): Date => new Date(begin + seconds * 1000);

/** A query of one statistic of what `datum` puts. `Period` in seconds. */
export const stat = (
  Id: string,
  MetricName: string,
  Stat: string,
  Period = 60,
  Namespace = 'Trial',
): MetricDataQuery => ({
  Id,
  MetricStat: {
    Metric: { Namespace, MetricName, Dimensions: [{ Name: 'Side', Value: 'left' }] },
    Period,
    Stat,
  },
});

/** A value of a metric at that many seconds after `begin`. */
export const datum = (MetricName: string, seconds: number, what: object) => ({
  MetricName,
  Dimensions: [{ Name: 'Side', Value: 'left' }],
  Timestamp: at(seconds),
  ...what,
});
