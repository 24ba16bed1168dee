import { z } from 'zod';
import { type SortDirection, sortDirections } from '../sort-direction';
import { type TenantSort, tenantHealths, tenantSorts } from './ports';
import { tenantStates } from './tenant';

/** A person, by e-mail address. */
export const personInput = z.object({ email: z.email('Enter an e-mail address.').max(320) });

const tenantId = z.string().min(1).max(64);
export const tenantInput = z.object({ tenantId });
export const reasonInput = z.object({
  tenantId,
  reason: z.string().trim().min(1, 'Say why.').max(500, 'Use at most 500 characters.'),
});

/** The direction that a reader expects of each sort: names ascending, the newest first. */
export const usualDirection: Readonly<Record<TenantSort, SortDirection>> = { name: 'asc', since: 'desc' };

/** A page of tenants. */
export const tenantQuery = z
  .object({
    search: z
      .string()
      .trim()
      .max(100, 'Use at most 100 characters.')
      .transform((text) => text || undefined)
      .optional(),
    state: z.enum(tenantStates).optional(),
    plan: z.string().min(1).max(64).optional(),
    health: z.enum(tenantHealths).optional(),
    sort: z.enum(tenantSorts).default('name'),
    direction: z.enum(sortDirections).optional(),
    cursor: z.string().max(1000).optional(),
    limit: z.number().int().min(1).max(200).default(50),
  })
  .transform((query) => ({ ...query, direction: query.direction ?? usualDirection[query.sort] }));
