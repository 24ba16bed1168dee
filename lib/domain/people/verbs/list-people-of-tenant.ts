import { z } from 'zod';
import { controlVerb } from '@/lib/domain/verb';

const page = z.object({
  tenantId: z.string().min(1).max(64),
  cursor: z.string().max(1000).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** One page of a tenant’s people, for administrators, by address. Throws `forbidden`; `invalid` for an invalid cursor. */
export const listPeopleOfTenant = controlVerb('tenants.view', page, (ctx, { tenantId, ...input }) =>
  ctx.ports.peopleOfTenants.list(tenantId, input),
);
