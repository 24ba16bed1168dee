import { addDays, dayMs, horizonDays } from '@/lib/domain/time';

export interface OrderPoint {
  readonly at: Date;
  readonly amount: number;
}

/** The time without an order up to the date as of which a customer is described. */
export interface Silence {
  readonly from: Date;
  readonly to: Date;
  readonly days: number;
  /** When the customer's mean gap had passed; null with a single order day. */
  readonly gapEnds: Date | null;
  /** When the days had passed that churn is defined by. */
  readonly horizonEnds: Date;
}

/** The silence after the last of `points`, oldest first; null without an order. Refunds, whose amounts are negative, are no orders. */
export function silenceOf(
  points: readonly OrderPoint[],
  asOf: Date | null,
  gapMeanDays: number,
): Silence | null {
  const from = points.findLast(({ amount }) => amount >= 0)?.at;
  if (!from || !asOf || asOf <= from) return null;
  return {
    from,
    to: asOf,
    days: Math.floor((asOf.getTime() - from.getTime()) / dayMs),
    gapEnds: gapMeanDays > 0 ? addDays(from, gapMeanDays) : null,
    horizonEnds: addDays(from, horizonDays),
  };
}

/** The times of a chart: some room before the first point, then up to `asOf`. */
export function timeRange(points: readonly OrderPoint[], asOf: Date | null): readonly [from: Date, to: Date] {
  const first = points[0]?.at ?? new Date(0);
  const last = points.at(-1)?.at ?? first;
  const to = asOf && asOf > last ? asOf : last;
  const room = Math.max((to.getTime() - first.getTime()) * 0.02, dayMs);
  return [new Date(first.getTime() - room), to];
}

const mostTicks = 5;
const daySteps = [1, 2, 7, 14];
const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240];

/** At most five whole UTC days or first days of months between `from` and `to`, evenly apart. */
export function timeTicks(
  from: Date,
  to: Date,
): { readonly ticks: readonly Date[]; readonly byMonth: boolean } {
  for (const step of daySteps) {
    const first = Math.ceil(from.getTime() / dayMs);
    const count = Math.floor((to.getTime() / dayMs - first) / step) + 1;
    if (count <= mostTicks)
      return { ticks: series(count, (n) => new Date((first + n * step) * dayMs)), byMonth: false };
  }
  const month = (instant: Date) => instant.getUTCFullYear() * 12 + instant.getUTCMonth();
  for (const step of monthSteps) {
    const first = Math.floor(month(from) / step) + 1;
    const count = Math.floor(month(to) / step) - first + 1;
    if (count <= mostTicks) {
      return {
        ticks: series(count, (n) => new Date(Date.UTC(1970, (first + n) * step - 1970 * 12))),
        byMonth: true,
      };
    }
  }
  return { ticks: [], byMonth: true };
}

const series = <T>(count: number, at: (n: number) => T): readonly T[] =>
  Array.from({ length: Math.max(0, count) }, (_, n) => at(n));
