import { auditEvent, record } from '../audit/record';
import { type BudgetStanding, budgetStanding, usdAt } from '../budget/budget';
import { budgetPercents } from '../budget/ports';
import type { TenantContext } from '../context';
import { type Month, monthBefore } from '../month';

/**
 * Keeps which shares of the budget were reached, each once a month, and when the brake came off. Owners get a mail of each later. Returns
 * whether the brake is on.
 */
export async function followBudget(ctx: TenantContext, now: Date): Promise<boolean> {
  const { plan, spend } = ctx.ports;
  const { limits } = await plan.current();
  const standing = budgetStanding(await spend.standing(), limits, now);
  const { month, spent, budget, brakes } = standing;
  if (budget !== null) {
    for (const percent of budgetPercents) {
      if (spent < usdAt(percent, budget)) continue;
      const notice = { month, percent, budgetUsd: budget, spentUsd: spent, reachedAt: now };
      const braked = brakes && percent === 100;
      await spend.reach(
        { ...notice, brakes: braked },
        auditEvent(ctx, {
          action: 'costs.measure',
          subject: 'budget',
          key: `${month}/${percent}`,
          detail: { month, percent, spent: cents(spent), budget, brake: braked },
        }),
      );
    }
  }
  if (!brakes) await recordRelease(ctx, standing, now);
  return brakes;
}

/** Once for each month and budget: the month is over, or the plan has another budget or brake. */
async function recordRelease(
  ctx: TenantContext,
  { month, spent, budget }: BudgetStanding,
  now: Date,
): Promise<void> {
  const months: readonly Month[] = [month, monthBefore(now)];
  for (const braked of months) {
    const notices = await ctx.ports.spend.notices(braked);
    if (!notices.some(({ brakes }) => brakes)) continue;
    await record(ctx, {
      action: 'costs.measure',
      subject: 'budget',
      key: `${braked}/released/${braked === month ? budget : month}`,
      detail: { month: braked, spent: cents(spent), budget, brake: false },
    });
  }
}

/** Rounded: the audit is for people. */
const cents = (usd: number): number => Math.round(usd * 100) / 100;
