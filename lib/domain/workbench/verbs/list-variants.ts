import { includesVariant } from '@/lib/domain/plans/limits';
import { nothing, tenantVerb } from '@/lib/domain/verb';

/** The workbench variants that the tenant’s plan lets people request. Throws `forbidden`, and what reaching the catalogue throws. */
export const listVariants = tenantVerb('workbench.view', nothing, async (ctx) => {
  const [variants, plan] = await Promise.all([ctx.ports.catalog.variants(), ctx.ports.plan.current()]);
  return variants.filter(({ id }) => includesVariant(plan, id));
});
