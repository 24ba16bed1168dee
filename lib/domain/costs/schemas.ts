import { z } from 'zod';
import { type SortDirection, sortDirections } from '../sort-direction';
import { type CostSort, costSorts } from './ports';

/** The direction that a reader expects of each sort: names ascending, the most expensive first. */
export const usualDirection: Readonly<Record<CostSort, SortDirection>> = {
  name: 'asc',
  bill: 'desc',
  before: 'desc',
  rate: 'desc',
  spent: 'desc',
};

/** A page of what tenants cost. */
export const costQuery = z
  .object({
    search: z
      .string()
      .trim()
      .max(100, 'Use at most 100 characters.')
      .transform((text) => text || undefined)
      .optional(),
    sort: z.enum(costSorts).default('bill'),
    direction: z.enum(sortDirections).optional(),
    cursor: z.string().max(1000).optional(),
    limit: z.number().int().min(1).max(200).default(50),
  })
  .transform((query) => ({ ...query, direction: query.direction ?? usualDirection[query.sort] }));

/** How often the worker does what it does in turn, s. */
export const everySeconds = z.object({ everySeconds: z.number().int().min(1) });
