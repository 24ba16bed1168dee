import { formatCount } from '@/components/format';
import { type MetricRange, metricRanges } from '@/lib/domain/monitoring/ports';
import type { MonitoredEndpoint } from '@/lib/domain/monitoring/verbs/get-metrics';
import { type AddressParams, firstOf, withParams } from '../../_components/address';

/** The page's URL parameters. */
export interface MonitoringView {
  readonly range: MetricRange;
  readonly endpoint?: string | undefined;
  readonly variant?: string | undefined;
}

export const defaultRange: MetricRange = '24h';

/** Reads a URL. Ignores an unknown range; the verb validates the rest. */
export function readView(params: AddressParams): MonitoringView {
  return {
    range: metricRanges.find((each) => each === firstOf(params.range)) ?? defaultRange,
    endpoint: firstOf(params.endpoint) || undefined,
    variant: firstOf(params.variant) || undefined,
  };
}

/** The URL of `view`, without default values. */
export function viewHref(view: MonitoringView, path = '/monitoring'): string {
  const params = new URLSearchParams();
  if (view.range !== defaultRange) params.set('range', view.range);
  if (view.endpoint) params.set('endpoint', view.endpoint);
  if (view.variant) params.set('variant', view.variant);
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
