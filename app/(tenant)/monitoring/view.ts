import { type MetricRange, metricRanges } from '@/lib/domain/monitoring/ports';

/** What an address of the page asks for. */
export interface MonitoringView {
  readonly range: MetricRange;
  readonly version?: number | undefined;
  readonly variant?: string | undefined;
}

export type AddressParams = Readonly<Record<string, string | readonly string[] | undefined>>;

const firstOf = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

export const defaultRange: MetricRange = '24h';

/** Reads an address. A range or a version that is none is left out; the rest is the verb's to judge. */
export function readView(params: AddressParams): MonitoringView {
  const version = firstOf(params.version) ?? '';
  return {
    range: metricRanges.find((each) => each === firstOf(params.range)) ?? defaultRange,
    version: /^[1-9]\d{0,8}$/.test(version) ? Number(version) : undefined,
    variant: firstOf(params.variant) || undefined,
  };
}

/** The address of `view`, without what is the default anyway. */
export function viewHref(view: MonitoringView, path = '/monitoring'): string {
  const params = new URLSearchParams();
  if (view.range !== defaultRange) params.set('range', view.range);
  if (view.version !== undefined) params.set('version', String(view.version));
  if (view.variant) params.set('variant', view.variant);
  const query = params.toString();
  return query ? `${path}?${query}` : path;
}

/** Every range in words: of its tab, and after `in the last`. */
export const rangeNames: Readonly<Record<MetricRange, readonly [tab: string, words: string]>> = {
  '1h': ['1 h', 'hour'],
  '6h': ['6 h', '6 hours'],
  '24h': ['24 h', '24 hours'],
  '7d': ['7 d', '7 days'],
  '30d': ['30 d', '30 days'],
};
