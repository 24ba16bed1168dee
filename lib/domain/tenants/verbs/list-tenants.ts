import { z } from 'zod';
import { controlVerb } from '@/lib/domain/verb';

const page = z.object({
  cursor: z.string().max(1000).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** One page of all tenants, by name. Throws `forbidden`; `invalid` for an invalid cursor. */
export const listTenants = controlVerb('tenants.list', page, (ctx, input) => ctx.ports.tenants.list(input));
