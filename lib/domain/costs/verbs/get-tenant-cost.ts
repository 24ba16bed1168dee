import { type BudgetStanding, budgetStanding } from '@/lib/domain/budget/budget';
import type { SpendStanding } from '@/lib/domain/budget/ports';
import { type Month, monthBefore, monthOf } from '@/lib/domain/month';
import { tenantInput } from '@/lib/domain/tenants/schemas';
import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { type MonthOnBill, monthOnBill } from '../bill';
import type { BillStanding } from '../ports';

/** What one tenant costs, for administrators. */
export interface TenantCosts {
  readonly month: Month;
  readonly bill: BillStanding;
  readonly thisMonth: MonthOnBill;
  readonly lastMonth: MonthOnBill;
  /** Null: nobody has looked yet. */
  readonly spend: SpendStanding | null;
  readonly budget: BudgetStanding;
}

/** What a tenant costs this month and the last one, from what Annex has read and measured. Throws `forbidden`, `not_found`. */
export const getTenantCost = controlVerb(
  'costs.list',
  tenantInput,
  async (ctx, { tenantId }): Promise<TenantCosts> => {
    const now = ctx.now();
    const [month, before] = [monthOf(now), monthBefore(now)];
    const { billBook, spendBook, plans } = ctx.ports;
    const [bill, months, spend, inForce] = await Promise.all([
      billBook.standing(),
      billBook.of(tenantId, [month, before]),
      spendBook.standing(tenantId),
      plans.inForce([tenantId]),
    ]);
    const plan = inForce.get(tenantId);
    if (!plan) throw new AnnexError('not_found', 'There is no tenant with this id.');
    const of = (wanted: Month) =>
      monthOnBill(bill, wanted, months.find((each) => each.month === wanted) ?? null);
    return {
      ...{ month, bill, spend },
      ...{ thisMonth: of(month), lastMonth: of(before) },
      budget: budgetStanding(spend, plan.limits, now),
    };
  },
);
