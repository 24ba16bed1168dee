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

const periods = Object.values(lengths).map(({ period }) => period);
const longest = lengths['30d'].length;
const mostPeriods = 180;
const fewestPeriods = 10;
/** CloudWatch keeps periods of a minute for 15 days, of five minutes for 63, of an hour for 455. */
const kept = [
  [15 * day, 300],
  [63 * day, hour],
] as const;

/** Two instants that somebody chose, s since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The window of `range` whose last period contains `now`, or the one that `span` chooses. */
export function windowOf(range: MetricRange, now: Date, span?: Span): MetricWindow {
  const present = now.getTime() / 1000;
  if (span && span.from < span.to && span.from < present) return pinned(span, present);
  const { length, period } = lengths[range];
  const end = (Math.floor(present / period) + 1) * period;
  return {
    start: new Date((end - length) * 1000),
    end: new Date(end * 1000),
    periodSeconds: period,
    pinned: false,
  };
}

/** The shortest periods that CloudWatch still has and a chart can show; at least ten of them, and none in the future. */
function pinned({ from, to }: Span, now: number): MetricWindow {
  const least = kept.findLast(([age]) => now - from > age)?.[1] ?? 0;
  const length = Math.min(to - from, longest);
  const period =
    periods.find((each) => each >= least && length / each <= mostPeriods - 1) ?? lengths['30d'].period;
  const latest = (Math.floor(now / period) + 1) * period;
  const end = Math.min(latest, Math.ceil(Math.max(to, from + fewestPeriods * period) / period) * period);
  const start = Math.min(
    Math.max(Math.floor(from / period) * period, end - mostPeriods * period),
    end - fewestPeriods * period,
  );
  return {
    start: new Date(start * 1000),
    end: new Date(end * 1000),
    periodSeconds: period,
    pinned: true,
  };
}

/** Starts of the window's periods, ascending, s since the epoch. */
export function timesOf({ start, end, periodSeconds }: MetricWindow): readonly number[] {
  const first = start.getTime() / 1000;
  const count = Math.max(0, Math.round((end.getTime() / 1000 - first) / periodSeconds));
  return Array.from({ length: count }, (_, index) => first + index * periodSeconds);
}
