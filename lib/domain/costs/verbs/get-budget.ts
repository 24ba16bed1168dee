import { type BudgetStanding, budgetStanding } from '@/lib/domain/budget/budget';
import { nothing, tenantVerb } from '@/lib/domain/verb';

/** Where the tenant stands against its budget, and as of when; null: nothing was measured yet. */
export interface BudgetNow extends BudgetStanding {
  readonly measuredUntil: Date | null;
}

/** The tenant’s budget of this month. Reads what was measured only if the plan has a budget. Throws `forbidden`. */
export const getBudget = tenantVerb('costs.view', nothing, async (ctx): Promise<BudgetNow> => {
  const { limits } = await ctx.ports.plan.current();
  const spend = limits.monthlyBudgetUsd === null ? null : await ctx.ports.spend.standing();
  return {
    ...budgetStanding(spend, limits, ctx.now()),
    measuredUntil: spend?.measuredUntil ?? null,
  };
});
