import { daySeconds as day, hourSeconds as hour } from '../time';
import type { MetricRange, MetricWindow } from './ports';

/**
 * Length of each range and of its periods, s: 60 to 180 data points, which fit a chart and a table. For data older than 15 days
 * CloudWatch offers only periods of multiples of five minutes.
 */
const lengths: Readonly<Record<MetricRange, { readonly length: number; readonly period: number }>> = {
  '1h': { length: hour, period: 60 },
  '6h': { length: 6 * hour, period: 300 },
  '24h': { length: day, period: 900 },
  '7d': { length: 7 * day, period: hour },
  '30d': { length: 30 * day, period: 4 * hour },
};

/** The window of `range` whose last period contains `now`. */
export function windowOf(range: MetricRange, now: Date): MetricWindow {
  const { length, period } = lengths[range];
  const end = (Math.floor(now.getTime() / 1000 / period) + 1) * period;
  return {
    start: new Date((end - length) * 1000),
    end: new Date(end * 1000),
    periodSeconds: period,
  };
}

/** Starts of the window's periods, ascending, s since the epoch. */
export function timesOf({ start, end, periodSeconds }: MetricWindow): readonly number[] {
  const first = start.getTime() / 1000;
  const count = Math.max(0, Math.round((end.getTime() / 1000 - first) / periodSeconds));
  return Array.from({ length: count }, (_, index) => first + index * periodSeconds);
}
