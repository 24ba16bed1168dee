import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { endOverrideInput } from '../schemas';
import { append, effectiveAtOf, tenantOf } from '../write';

/**
 * Ends a tenant's override with a version of its own: from then on the tenant follows the standard. Returns its number. Throws
 * `forbidden`, `not_found`, `invalid`; `conflict` if there is no override, or if somebody changed it since the version `base`.
 */
export const endOverride = controlVerb(
  'policies.change',
  endOverrideInput,
  async (ctx, { dataset, tenant, base, effectiveOn, note }): Promise<number> => {
    const scope = { dataset, tenantId: tenant };
    const effectiveAt = effectiveAtOf(effectiveOn, ctx.now());
    await tenantOf(ctx, scope);
    const [newest] = await ctx.ports.policies.versions(scope, 1);
    if (!newest?.content) {
      throw new AnnexError('conflict', 'The tenant follows the standard already. Nothing was changed.');
    }
    return append(ctx, { ...scope, base, content: null, effectiveAt, note }, { columns: 'as the standard' });
  },
);
