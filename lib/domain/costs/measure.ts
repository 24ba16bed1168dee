import type { Measurement, SpendDay } from '../budget/ports';
import { type RunningItem, rateOf, runRate } from '../running/cost';
import { dayMs, hourMs, utcDay } from '../time';

/** Annex looks every hour. Nobody looked for what ran and ended within a pause that is longer than this. */
const seenPauseMs = 2 * hourMs;

/** More days than any pause that is worth filling in. */
const mostDays = 400;

/**
 * What `items`, which run at `until`, cost since `since`: each from when it was created, at the rate that it has now. What ran and ended
 * in between is missing: within an hour’s pause that is little, and of a longer one the days say how long nobody looked.
 */
export function measured(
  items: readonly RunningItem[],
  since: Date,
  until: Date,
): Pick<Measurement, 'runRate' | 'unpriced' | 'days'> {
  const { usd: rate, unpriced } = runRate(items);
  const pause = until.getTime() - since.getTime();
  const days = daysBetween(since, until).map(
    ({ day, from, to }): SpendDay => ({
      day,
      usd: items.reduce((sum, item) => sum + usdWithin(item, from, to), 0),
      unseenSeconds: pause > seenPauseMs ? Math.round((to - from) / 1000) : 0,
    }),
  );
  return { runRate: rate, unpriced, days };
}

function usdWithin(item: RunningItem, from: number, to: number): number {
  const started = Math.max(item.since?.getTime() ?? from, from);
  return (rateOf(item).usd * Math.max(0, to - started)) / hourMs;
}

/** The parts of days in UTC between two instants. */
function daysBetween(
  since: Date,
  until: Date,
): readonly { readonly day: string; readonly from: number; readonly to: number }[] {
  const found: { day: string; from: number; to: number }[] = [];
  let from = Math.max(since.getTime(), until.getTime() - mostDays * dayMs);
  while (from < until.getTime()) {
    const to = Math.min((Math.floor(from / dayMs) + 1) * dayMs, until.getTime());
    found.push({ day: utcDay(new Date(from)), from, to });
    from = to;
  }
  return found;
}
