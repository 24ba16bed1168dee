import { planOfTenantInput } from '@/lib/domain/plans/schemas';
import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import type { Quotas } from '../ports';
import { variantsOf } from '../variants';

/** The plan of any tenant, and how much of it is used now, in numbers. Throws `forbidden`, `not_found`. */
export const getQuotasOfTenant = controlVerb(
  'plans.view',
  planOfTenantInput,
  async (ctx, { tenantId }): Promise<Quotas> => {
    const at = ctx.now();
    const plan = (await ctx.ports.plans.inForce([tenantId])).get(tenantId);
    if (!plan) throw new AnnexError('not_found', 'There is no tenant with this id.');
    const [variants, use] = await Promise.all([
      variantsOf(plan, ctx.ports.catalog),
      ctx.ports.uses.of(tenantId, at),
    ]);
    return { plan, variants, ...use, at };
  },
);
