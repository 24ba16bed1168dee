import { formatCount } from '@/components/format';
import { type MetricRange, metricRanges } from '@/lib/domain/monitoring/ports';
import type { MonitoredEndpoint } from '@/lib/domain/monitoring/verbs/get-metrics';
import type { Span } from '@/lib/domain/monitoring/windows';
import { type AddressParams, firstOf, withParams } from '../../_components/address';

/** The page's URL parameters. */
export interface MonitoringView {
  readonly range: MetricRange;
  readonly endpoint?: string | undefined;
  readonly variant?: string | undefined;
  /** Two instants in place of the range, which the page then returns to. */
  readonly span?: Span | undefined;
}

export const defaultRange: MetricRange = '24h';

/** Reads a URL. Ignores an unknown range and instants that are none; the verb validates the rest. */
export function readView(params: AddressParams): MonitoringView {
  const [from, to] = [instantIn(firstOf(params.from)), instantIn(firstOf(params.to))];
  return {
    range: metricRanges.find((each) => each === firstOf(params.range)) ?? defaultRange,
    endpoint: firstOf(params.endpoint) || undefined,
    variant: firstOf(params.variant) || undefined,
    span: from !== null && to !== null && from < to ? { from, to } : undefined,
  };
}

/** `2026-11-29T02:05Z`: a minute of UTC, as the address names it. */
const instantText = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;

/** Seconds since the epoch; null for everything else. */
function instantIn(text: string | undefined): number | null {
  const at = text && /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at / 1000;
}

/** The URL of `view`, without default values. */
export function viewHref(view: MonitoringView, path = '/monitoring'): string {
  const params = new URLSearchParams();
  if (view.range !== defaultRange) params.set('range', view.range);
  if (view.endpoint) params.set('endpoint', view.endpoint);
  if (view.variant) params.set('variant', view.variant);
  if (view.span) {
    params.set('from', instantText(view.span.from));
    params.set('to', instantText(view.span.to));
  }
  return withParams(path, params);
}

/**
 * `versions 3, 2 and 1; version 2 is active`: the versions registered for an endpoint, which share its metrics.
 */
export function versionsInWords({ versions, registered, active }: MonitoredEndpoint): string {
  const older = registered - versions.length;
  const names = [...versions.map(String), ...(older > 0 ? [`${formatCount(older)} older`] : [])];
  const last = names.at(-1);
  if (names.length === 1) return `version ${last}, ${active === null ? 'not active' : 'active'}`;
  const activity = active === null ? 'none is active' : `version ${active} is active`;
  return `versions ${names.slice(0, -1).join(', ')} and ${last}; ${activity}`;
}

/** The labels of each range: for its tab, and after `in the last`. */
export const rangeNames: Readonly<Record<MetricRange, readonly [tab: string, words: string]>> = {
  '1h': ['1 h', 'hour'],
  '6h': ['6 h', '6 hours'],
  '24h': ['24 h', '24 hours'],
  '7d': ['7 d', '7 days'],
  '30d': ['30 d', '30 days'],
};
