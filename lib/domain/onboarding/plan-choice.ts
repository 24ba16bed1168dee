import { AnnexError } from '@/lib/errors';
import type { ControlContext } from '../context';
import { includesVariant } from '../plans/limits';
import type { Plan, PlanLimits } from '../plans/ports';

interface Chosen extends Pick<Plan, 'name' | 'retiredAt'> {
  readonly newest: { readonly limits: PlanLimits };
}

/** Why a new tenant cannot have the plan, or this workbench under it; null if nothing speaks against it. */
export function planFault(
  plan: Chosen | null,
  variantId: string | null,
): { readonly field: 'planId' | 'variantId'; readonly text: string } | null {
  if (!plan) return { field: 'planId', text: 'There is no plan with this id. Choose another one.' };
  if (plan.retiredAt)
    return { field: 'planId', text: `The plan ${plan.name} is retired. Choose another one.` };
  if (variantId === null || includesVariant(plan.newest, variantId)) return null;
  return {
    field: 'variantId',
    text: `The plan ${plan.name} doesn’t include this workbench. Choose another one, or another plan.`,
  };
}

/** Throws `invalid` with the field where `planFault` names one. */
export async function checkPlan(
  ctx: ControlContext,
  planId: string,
  variantId: string | null,
): Promise<void> {
  const fault = planFault(await ctx.ports.plans.get(planId), variantId);
  if (fault) throw new AnnexError('invalid', fault.text, { fields: { [fault.field]: fault.text } });
}
