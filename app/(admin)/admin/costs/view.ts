import { type CostSort, costSorts } from '@/lib/domain/costs/ports';
import { usualDirection } from '@/lib/domain/costs/schemas';
import { type SortDirection, sortDirections } from '@/lib/domain/sort-direction';
import { type AddressParams, firstOf, withParams } from '../../../_components/address';
import { costsPage } from './page-info';

/** The search, order and page that an address of the list asks for. */
export interface CostsView {
  readonly sort: CostSort;
  readonly direction: SortDirection;
  readonly search?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Reads an address. Ignores an unknown order; the verb validates the rest. */
export function readView(params: AddressParams): CostsView {
  const [sortText, directionText] = (firstOf(params.order) ?? '').split('-');
  const sort = costSorts.find((each) => each === sortText) ?? 'bill';
  return {
    sort,
    direction: sortDirections.find((each) => each === directionText) ?? usualDirection[sort],
    search: firstOf(params.q)?.trim() || undefined,
    cursor: firstOf(params.cursor) || undefined,
  };
}

/** The address of `view`, without default values. */
export function viewHref(view: CostsView, path = costsPage.path): string {
  const params = new URLSearchParams();
  if (view.search) params.set('q', view.search);
  const order = orderOf(view);
  if (order !== 'bill-desc') params.set('order', order);
  if (view.cursor) params.set('cursor', view.cursor);
  return withParams(path, params);
}

/** `bill-desc`: an order as written in addresses and in the form. */
export const orderOf = ({ sort, direction }: Pick<CostsView, 'sort' | 'direction'>): string =>
  `${sort}-${direction}`;

/** Labels of the orders, as the form lists them. */
const orderWords: Readonly<Record<`${CostSort}-${SortDirection}`, string>> = {
  'bill-desc': 'Bill, highest first',
  'bill-asc': 'Bill, lowest first',
  'before-desc': 'Last month, highest first',
  'before-asc': 'Last month, lowest first',
  'rate-desc': 'Run rate, highest first',
  'rate-asc': 'Run rate, lowest first',
  'spent-desc': 'Measured, highest first',
  'spent-asc': 'Measured, lowest first',
  'name-asc': 'Name, A to Z',
  'name-desc': 'Name, Z to A',
};

/** Every order with its label. */
export const orders: readonly (readonly [order: string, words: string])[] = Object.entries(orderWords);
