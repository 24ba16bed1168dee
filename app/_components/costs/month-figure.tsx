import { formatUsd } from '@/components/format';
import type { MonthOnBill } from '@/lib/domain/costs/bill';

/** What a month costs by the bill, or why there is no figure. */
export function MonthFigure({ month }: { readonly month: MonthOnBill }) {
  if (month.state === 'billed') {
    return (
      <>
        {formatUsd(month.bill.usd)}
        {month.bill.estimated ? (
          <span className="block text-xs font-normal text-muted">Estimated: AWS may still change it</span>
        ) : null}
      </>
    );
  }
  return (
    <span className="text-muted">{month.state === 'nothing' ? 'Nothing billed yet' : 'Not read yet'}</span>
  );
}
