import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { tenantInput } from '../schemas';

/** A tenant, for administrators. Throws `forbidden`, `not_found`. */
export const getTenant = controlVerb('tenants.view', tenantInput, async (ctx, { tenantId }) => {
  const tenant = await ctx.ports.tenants.get(tenantId);
  if (!tenant) throw new AnnexError('not_found', 'There is no tenant with this id.');
  return tenant;
});
