import { AnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { monthAfter, monthInWords } from '../month';
import { budgetStanding } from './budget';

/**
 * Refuses new work that costs money while the plan’s brake is on. Reads the plan, and what was measured only if the plan has a brake.
 * `what` is what waits, as in `New extracts`. Throws `conflict` with the field `budget`.
 */
export async function refuseWhileBraked(ctx: TenantContext, what: string): Promise<void> {
  const { limits } = await ctx.ports.plan.current();
  if (limits.monthlyBudgetUsd === null || limits.budgetBrake !== 'stop') return;
  const now = ctx.now();
  const { brakes, budget, month } = budgetStanding(await ctx.ports.spend.standing(), limits, now);
  if (!brakes) return;
  const text =
    `Your organisation has spent its budget of ${budget} USD for ${monthInWords(month)}, by what Annex measured. Nothing was changed. ` +
    `${what} wait until ${monthInWords(monthAfter(now))}, or until an administrator raises the budget.`;
  throw new AnnexError('conflict', text, { fields: { budget: text } });
}
