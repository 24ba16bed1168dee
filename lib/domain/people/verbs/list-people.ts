import { z } from 'zod';
import { tenantVerb } from '@/lib/domain/verb';

const page = z.object({
  cursor: z.string().max(1000).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** One page of the tenant's people, by address. Throws `forbidden`; `invalid` for an invalid cursor. */
export const listPeople = tenantVerb('people.list', page, (ctx, input) => ctx.ports.people.list(input));
