import { nothing, tenantVerb } from '@/lib/domain/verb';
import type { Quotas } from '../ports';
import { useOf } from '../use';
import { variantsOf } from '../variants';

/** The plan of the own tenant, and how much of it is used now. Throws `forbidden`. */
export const getQuotas = tenantVerb('quotas.view', nothing, async (ctx): Promise<Quotas> => {
  const at = ctx.now();
  const [plan, use] = await Promise.all([ctx.ports.plan.current(), useOf(ctx.ports, at)]);
  return { plan, variants: await variantsOf(plan, ctx.ports.catalog), ...use, at };
});
