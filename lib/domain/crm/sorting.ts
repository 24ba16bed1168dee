import type { SortDirection } from '../sort-direction';
import type { CustomerSort } from './ports';

/** The direction that a reader expects of each sort: highest risk first, ids ascending. */
export const defaultDirection: Readonly<Record<CustomerSort, SortDirection>> = {
  risk: 'desc',
  recency: 'desc',
  days: 'desc',
  value: 'desc',
  spend: 'desc',
  orders: 'desc',
  id: 'asc',
};
