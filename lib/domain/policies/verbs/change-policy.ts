import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { differences, isDifferent } from '../differences';
import { changePolicyInput } from '../schemas';
import { append, checkMasks, effectiveAtOf, tenantOf } from '../write';

/**
 * Writes the next version of a standard or of a tenant's override, and returns its number. Every extract that is asked for once it is in
 * force follows it. Throws `forbidden`, `not_found`; `invalid` with the field or the column at fault, and where nothing would change;
 * `conflict` if somebody changed the policy since the version `base`.
 */
export const changePolicy = controlVerb(
  'policies.change',
  changePolicyInput,
  async (ctx, { dataset, tenant, base, columns, rowLimit, effectiveOn, note }): Promise<number> => {
    checkMasks(dataset, columns);
    const effectiveAt = effectiveAtOf(effectiveOn, ctx.now());
    const scope = { dataset, tenantId: tenant };
    await tenantOf(ctx, scope);
    const content = { columns, rowLimit };
    const [newest] = await ctx.ports.policies.versions(scope, 1);
    const unchanged = newest?.content && !isDifferent(differences(dataset, newest.content, content));
    if (unchanged && newest.version === base && newest.begun && effectiveAt === null) {
      throw new AnnexError('invalid', `Version ${newest.version} says the same. Nothing was changed.`);
    }
    const masked = Object.entries(columns).map(([name, mask]) => `${name} (${mask})`);
    return append(
      ctx,
      { ...scope, base, content, effectiveAt, note },
      { columns: masked.join(', '), rowLimit },
    );
  },
);
