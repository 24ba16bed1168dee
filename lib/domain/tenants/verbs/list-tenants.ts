import { controlVerb } from '@/lib/domain/verb';
import { tenantQuery } from '../schemas';

/** One page of the tenants that are asked for. Throws `forbidden`; `invalid` for an invalid search or cursor. */
export const listTenants = controlVerb('tenants.list', tenantQuery, (ctx, input) =>
  ctx.ports.tenants.list(input),
);
