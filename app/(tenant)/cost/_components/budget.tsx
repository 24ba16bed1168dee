import { formatUsd } from '@/components/format';
import { Notice } from '@/components/ui/notice';
import type { Costs } from '@/lib/domain/costs/verbs/get-costs';
import { monthAfter, monthInWords } from '@/lib/domain/month';
import { BudgetBar } from '../../../_components/costs/budget-bar';

/** What was measured of the plan’s budget, and what follows from it. */
export function Budget({ costs, now }: { readonly costs: Costs; readonly now: Date }) {
  const { budget, plan } = costs;
  return (
    <section className="space-y-3">
      <h2 className="text-lg">Budget of {monthInWords(budget.month)}</h2>
      {budget.budget === null ? (
        <p className="text-sm text-muted">
          Your plan, {plan.name}, has no budget. Nothing is stopped, and nobody is warned.
        </p>
      ) : (
        <>
          <BudgetNotice costs={costs} now={now} />
          <BudgetBar standing={budget} />
          <p className="max-w-prose text-sm text-muted">
            It counts what Annex measured. Owners get a mail at {formatUsd(budget.budget * 0.8)} and at{' '}
            {formatUsd(budget.budget)}.{' '}
            {plan.stops
              ? 'With the whole budget spent, apps are stopped, and new Studio sessions and extracts are refused until the next month. Endpoints go on.'
              : 'Nothing is stopped when it is spent.'}
          </p>
        </>
      )}
    </section>
  );
}

function BudgetNotice({ costs: { budget }, now }: { readonly costs: Costs; readonly now: Date }) {
  if (budget.brakes) {
    return (
      <Notice tone="failed" title="The budget is spent">
        <p>
          Apps are stopped; their files are kept. New Studio sessions and extracts wait until{' '}
          {monthInWords(monthAfter(now))}, or until an administrator raises the budget. Endpoints go on, and
          cost.
        </p>
      </Notice>
    );
  }
  if (budget.reached === 100) {
    return (
      <Notice tone="warning" title="The budget is spent">
        <p>Nothing was stopped. Stop what you no longer need.</p>
      </Notice>
    );
  }
  if (budget.reached === null) return null;
  return (
    <Notice tone="warning" title="More than 80% of the budget is spent">
      <p>Stop what you no longer need before the rest is spent.</p>
    </Notice>
  );
}
