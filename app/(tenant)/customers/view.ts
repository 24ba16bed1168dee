import { type CustomerSort, customerSorts, type RiskBand, riskBands } from '@/lib/domain/crm/ports';
import { defaultDirection } from '@/lib/domain/crm/sorting';

/** The search, filter, order and page that a URL of the list asks for. */
export interface CustomersView {
  readonly sort: CustomerSort;
  readonly direction: 'asc' | 'desc';
  readonly band?: RiskBand | undefined;
  readonly search?: string | undefined;
  readonly cursor?: string | undefined;
}

export type AddressParams = Readonly<Record<string, string | readonly string[] | undefined>>;

const firstOf = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

/** Reads a URL. Ignores an unknown order or band; the verb validates the rest. */
export function readView(params: AddressParams): CustomersView {
  const [sortText, directionText] = (firstOf(params.order) ?? '').split('-');
  const sort = customerSorts.find((each) => each === sortText) ?? 'risk';
  const direction =
    directionText === 'asc' || directionText === 'desc' ? directionText : defaultDirection[sort];
  return {
    sort,
    direction,
    band: riskBands.find((each) => each === firstOf(params.band)),
    search: firstOf(params.q)?.trim() || undefined,
    cursor: firstOf(params.cursor) || undefined,
  };
}

/** The URL of `view`, without default values. */
export function viewHref(view: CustomersView, path = '/customers'): string {
  const params = new URLSearchParams();
  if (view.search) params.set('q', view.search);
  if (view.band) params.set('band', view.band);
  const order = orderOf(view);
  if (order !== 'risk-desc') params.set('order', order);
  if (view.cursor) params.set('cursor', view.cursor);
  const query = params.toString();
  return query ? `${path}?${query}` : path;
}

/** `risk-desc`: an order as written in URLs and in the form. */
export const orderOf = ({ sort, direction }: Pick<CustomersView, 'sort' | 'direction'>): string =>
  `${sort}-${direction}`;

/** Every order with its label. */
export const orders = [
  ['risk-desc', 'Highest risk first'],
  ['risk-asc', 'Lowest risk first'],
  ['recency-desc', 'Longest since last order'],
  ['recency-asc', 'Most recent order first'],
  ['spend-desc', 'Highest 90-day spend'],
  ['spend-asc', 'Lowest 90-day spend'],
  ['id-asc', 'Id, ascending'],
  ['id-desc', 'Id, descending'],
] as const;
