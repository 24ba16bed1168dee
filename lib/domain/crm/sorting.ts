import type { CustomerSort, SortDirection } from './ports';

/** The direction that a reader expects of a sort: most at risk first, ids from the start. */
export const defaultDirection: Readonly<Record<CustomerSort, SortDirection>> = {
  risk: 'desc',
  recency: 'desc',
  spend: 'desc',
  id: 'asc',
};
