import type { CustomerSort } from './ports';

/** The direction that a reader expects of a sort: most at risk first, ids from the start. */
export const defaultDirection: Readonly<Record<CustomerSort, 'asc' | 'desc'>> = {
  risk: 'desc',
  recency: 'desc',
  spend: 'desc',
  id: 'asc',
};
