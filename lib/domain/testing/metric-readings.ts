import {
  type EndpointMetricName,
  type EndpointReading,
  endpointMetricNames,
  type MetricSeries,
} from '../monitoring/ports';
import { timesOf, windowOf } from '../monitoring/windows';

export const now = new Date('2026-03-01T10:07:30Z');

/** A reading of the hour before `now`, per minute; `given` fills its end, and the rest is empty. */
export function readingOf(
  given: Partial<Record<EndpointMetricName, readonly (number | null)[]>>,
  problems: Partial<Record<EndpointMetricName, MetricSeries['problem']>> = {},
): EndpointReading {
  const window = windowOf('1h', now);
  const length = timesOf(window).length;
  const series = Object.fromEntries(
    endpointMetricNames.map((name): [string, MetricSeries] => {
      const tail = given[name] ?? [];
      const values = [...new Array<null>(length - tail.length).fill(null), ...tail];
      return [name, { values, problem: problems[name] ?? null }];
    }),
  ) as EndpointReading['series'];
  return { window, readAt: now, series, messages: [] };
}
