import { formatUsd } from '@/components/format';
import type { MonthOnBill } from '@/lib/domain/costs/bill';

/** What a month costs by the bill, or why there is no figure. `over`: the month is. */
export function MonthFigure({
  month,
  over = false,
}: {
  readonly month: MonthOnBill;
  readonly over?: boolean;
}) {
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
    <span className="text-muted">
      {month.state === 'unread' ? 'Not read yet' : over ? 'Nothing billed' : 'Nothing billed yet'}
    </span>
  );
}
