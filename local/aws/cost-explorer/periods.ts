import { AwsError } from '../core/service';

export const granularities = ['DAILY', 'MONTHLY'] as const;
type Granularity = (typeof granularities)[number];

/** Days in UTC; the end is the first that is too late. */
export interface Period {
  readonly start: string;
  readonly end: string;
}

const dayMs = 24 * 3600_000;

/** How far back Cost Explorer remembers without further settings, months. */
const months = 14;

/** Midnight of a day in UTC, ms. */
export const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The first of the month `ahead` months after the one of `at`. */
function firstOfMonth(at: number, ahead = 0): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1);
}

/** Throws ValidationException for a period that Cost Explorer refuses at `now`. */
export function checkPeriod({ start, end }: Period, now: number): void {
  for (const day of [start, end]) {
    if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(startOf(day)) || dayOf(startOf(day)) !== day) {
      throw invalid(`Invalid date: ${day.slice(0, 40)}. Use the form yyyy-MM-dd.`);
    }
  }
  if (startOf(start) >= startOf(end))
    throw invalid('Start date (and hour) should be before end date (and hour)');
  const latest = firstOfMonth(now, 1);
  if (startOf(end) > latest) {
    throw invalid(
      `end date past the beginning of next month. end date is ${end}, beginning of next month is ${dayOf(latest)}`,
    );
  }
  if (startOf(start) < firstOfMonth(now, -months)) {
    throw invalid(`You haven't enabled historical data beyond ${months} months`);
  }
}

/** The days or months of a period; the first and the last month may be parts of one. */
export function cut({ start, end }: Period, granularity: Granularity): readonly Period[] {
  const found: Period[] = [];
  for (let from = startOf(start); from < startOf(end); ) {
    const until = Math.min(granularity === 'DAILY' ? from + dayMs : firstOfMonth(from, 1), startOf(end));
    found.push({ start: dayOf(from), end: dayOf(until) });
    from = until;
  }
  return found;
}

/** Whether the costs of a period may still change: those of the current month. */
export const isEstimated = ({ end }: Period, now: number): boolean => startOf(end) > firstOfMonth(now);

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
