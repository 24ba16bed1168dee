import { Facts } from '@/components/data/facts';
import { formatUsd, formatUsdRate } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import type { TenantCosts } from '@/lib/domain/costs/verbs/get-tenant-cost';
import { monthInWords } from '@/lib/domain/month';
import { BillAge, BillNotices } from '../../../../../_components/costs/bill-notices';
import { BudgetBar } from '../../../../../_components/costs/budget-bar';
import { MonthFigure } from '../../../../../_components/costs/month-figure';

/** What the tenant costs, for administrators. */
export function CostPart({ costs, now }: { readonly costs: TenantCosts; readonly now: Date }) {
  const { month, bill, thisMonth, lastMonth, spend, budget } = costs;
  return (
    <section className="space-y-3">
      <h2 className="text-lg">Cost</h2>
      <BillNotices bill={bill} now={now} />
      <Facts
        facts={[
          {
            name: `${monthInWords(month)} so far, by the bill`,
            value: (
              <>
                <MonthFigure month={thisMonth} />
                <span className="block text-xs font-normal text-muted">
                  <BillAge bill={bill} />
                </span>
              </>
            ),
          },
          { name: 'The month before', value: <MonthFigure month={lastMonth} over /> },
          {
            name: 'Measured',
            value: spend?.measuredUntil ? (
              <>
                {formatUsd(budget.spent)}, {formatUsdRate(spend.runRate ?? 0)} an hour
                <span className="block text-xs font-normal text-muted">
                  As of <Instant at={spend.measuredUntil} />
                </span>
              </>
            ) : (
              <span className="text-muted">Not measured yet</span>
            ),
          },
          ...(spend?.failingSince
            ? [
                {
                  name: 'Measuring fails',
                  value: (
                    <span className="text-sm font-normal text-failed">
                      Since <Instant at={spend.failingSince} />: {spend.failure}
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
      <BudgetBar standing={budget} />
      {budget.brakes ? (
        <p className="text-sm text-failed">
          The brake is on: apps are stopped, and new Studio sessions and extracts are refused.
        </p>
      ) : null}
    </section>
  );
}
