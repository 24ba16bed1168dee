import type { Month } from '../month';
import { startOfMonth } from '../month';
import { dayMs, hourMs } from '../time';
import type { BillStanding, MonthBill } from './ports';

/** AWS is up to 24 hours late, and Annex reads every eight: whatever is older is late. */
const lateAfterHours = 36;

/** Between two tries to read a bill that cannot be read, as long as the next reading is not due anyway. */
const firstPauseMs = hourMs / 2;

/** What is known of a month’s bill. `late`: AWS has been behind for longer than it says it can be. */
export type MonthOnBill =
  | { readonly state: 'billed'; readonly bill: MonthBill }
  /** The bill was read, and has nothing of this account in this month. */
  | { readonly state: 'nothing' }
  /** It was not read since the month began. */
  | { readonly state: 'unread' };

/** What `standing` and the lines of a month, null for none, come to. */
export function monthOnBill({ readAt }: BillStanding, month: Month, bill: MonthBill | null): MonthOnBill {
  if (readAt === null || readAt < startOfMonth(month)) return { state: 'unread' };
  return bill ? { state: 'billed', bill } : { state: 'nothing' };
}

/** Whether AWS’s costs end longer ago than they should. */
export const isLate = ({ asOf }: BillStanding, now: Date): boolean =>
  asOf !== null && now.getTime() - asOf.getTime() > lateAfterHours * hourMs;

/** Until when a bill that was read at `readAt` reaches: to the end of its newest day with costs, unless that is still to come. */
export function reachOf(newestDay: string | null, readAt: Date): Date | null {
  if (newestDay === null) return null;
  return new Date(Math.min(Date.parse(`${newestDay}T00:00:00Z`) + dayMs, readAt.getTime()));
}

/** When to try again after so many failures in a row: the pauses double up to `everySeconds`. */
export const nextTry = (at: Date, failures: number, everySeconds: number): Date =>
  new Date(at.getTime() + Math.min(firstPauseMs * 2 ** Math.min(failures - 1, 10), everySeconds * 1000));
