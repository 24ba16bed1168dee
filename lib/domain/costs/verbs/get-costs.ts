import { type BudgetStanding, budgetStanding } from '@/lib/domain/budget/budget';
import type { SpendDay, SpendStanding } from '@/lib/domain/budget/ports';
import { type Month, monthBefore, monthOf } from '@/lib/domain/month';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { type MonthOnBill, monthOnBill } from '../bill';
import type { BillStanding } from '../ports';

/** What the tenant costs: by AWS’s bill, and by what Annex measured. */
export interface Costs {
  readonly month: Month;
  readonly before: Month;
  readonly bill: BillStanding;
  readonly thisMonth: MonthOnBill;
  readonly lastMonth: MonthOnBill;
  /** Null: nobody has looked yet. */
  readonly spend: SpendStanding | null;
  /** The days of the month that were measured. */
  readonly days: readonly SpendDay[];
  readonly budget: BudgetStanding;
  readonly plan: { readonly name: string; readonly stops: boolean };
}

/** The tenant’s costs of this month and the last one, from what Annex has read and measured. Throws `forbidden`. */
export const getCosts = tenantVerb('costs.view', nothing, async (ctx): Promise<Costs> => {
  const now = ctx.now();
  const [month, before] = [monthOf(now), monthBefore(now)];
  const { bill, spend, plan } = ctx.ports;
  const [standing, billed, billedBefore, measured, days, { name, limits }] = await Promise.all([
    bill.standing(),
    bill.of(month),
    bill.of(before),
    spend.standing(),
    spend.days(month),
    plan.current(),
  ]);
  return {
    month,
    before,
    bill: standing,
    thisMonth: monthOnBill(standing, month, billed),
    lastMonth: monthOnBill(standing, before, billedBefore),
    spend: measured,
    days,
    budget: budgetStanding(measured, limits, now),
    plan: { name, stops: limits.budgetBrake === 'stop' },
  };
});
