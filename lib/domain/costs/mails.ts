import type { BudgetNotice } from '../budget/ports';
import type { Mail } from '../mail/ports';
import { monthInWords } from '../month';

/** What an owner is told when a share of the budget was reached. Nothing in it is a tenant’s row or a name that somebody chose. */
export function budgetMail(
  to: string,
  { month, percent, budgetUsd, spentUsd, brakes }: BudgetNotice,
  portal: string,
): Mail {
  const words = monthInWords(month);
  return {
    to,
    subject: `${percent === 100 ? 'The whole' : `${percent} % of the`} budget for ${words} is spent`,
    text: `Your organisation has spent $${spentUsd.toFixed(2)} of its budget of $${budgetUsd.toFixed(2)} for ${words}, by what Annex measured in your AWS account.

${whatFollows(percent, brakes)}

What runs now and what it costs: ${portal}/cost
`,
  };
}

function whatFollows(percent: BudgetNotice['percent'], brakes: boolean): string {
  if (brakes) {
    return 'Running apps of Studio were stopped; their files are kept. New Studio sessions and extracts wait until the next month, or until an administrator raises the budget. Endpoints go on, and cost.';
  }
  if (percent === 100) return 'Nothing was stopped. Stop what you no longer need.';
  return 'Nothing was stopped. Stop what you no longer need before the rest is spent.';
}
