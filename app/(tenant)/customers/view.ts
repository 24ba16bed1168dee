import { type CustomerSort, customerSorts } from '@/lib/domain/crm/ports';
import { type RiskBand, riskBands } from '@/lib/domain/crm/risk-bands';
import { defaultDirection } from '@/lib/domain/crm/sorting';
import { type SortDirection, sortDirections } from '@/lib/domain/sort-direction';
import { type AddressParams, firstOf, withParams } from '../../_components/address';

/** The search, filter, order and page that a URL of the list asks for. */
export interface CustomersView {
  readonly sort: CustomerSort;
  readonly direction: SortDirection;
  readonly band?: RiskBand | undefined;
  readonly search?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Reads a URL. Ignores an unknown order or band; the verb validates the rest. */
export function readView(params: AddressParams): CustomersView {
  const [sortText, directionText] = (firstOf(params.order) ?? '').split('-');
  const sort = customerSorts.find((each) => each === sortText) ?? 'risk';
  const direction = sortDirections.find((each) => each === directionText) ?? defaultDirection[sort];
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
  return withParams(path, params);
}

/** `risk-desc`: an order as written in URLs and in the form. */
export const orderOf = ({ sort, direction }: Pick<CustomersView, 'sort' | 'direction'>): string =>
  `${sort}-${direction}`;

/** Labels of the orders, as the form lists them. */
const orderWords: Readonly<Record<`${CustomerSort}-${SortDirection}`, string>> = {
  'risk-desc': 'Highest risk first',
  'risk-asc': 'Lowest risk first',
  'recency-desc': 'Longest since last order',
  'recency-asc': 'Most recent order first',
  'days-desc': 'Most order days',
  'days-asc': 'Fewest order days',
  'value-desc': 'Highest mean order value',
  'value-asc': 'Lowest mean order value',
  'spend-desc': 'Highest 90-day spend',
  'spend-asc': 'Lowest 90-day spend',
  'orders-desc': 'Most orders in 90 days',
  'orders-asc': 'Fewest orders in 90 days',
  'id-asc': 'Id, ascending',
  'id-desc': 'Id, descending',
};

/** Every order with its label. */
export const orders: readonly (readonly [order: string, words: string])[] = Object.entries(orderWords);
