import { addDays, utcDay } from './time';

/** A month in UTC by its first day, as in `2026-03-01`: AWS bills by those. */
export type Month = string;

/** The month of `instant`. */
export const monthOf = (instant: Date): Month => `${utcDay(instant).slice(0, 7)}-01`;

/** The month before the one of `instant`. */
export const monthBefore = (instant: Date): Month => monthOf(addDays(startOfMonth(monthOf(instant)), -1));

/** The month after the one of `instant`. */
export const monthAfter = (instant: Date): Month => monthOf(addDays(startOfMonth(monthOf(instant)), 31));

/** When `month` begins. */
export const startOfMonth = (month: Month): Date => new Date(`${month}T00:00:00Z`);

const names = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** `March 2026` */
export const monthInWords = (month: Month): string =>
  `${names[startOfMonth(month).getUTCMonth()]} ${month.slice(0, 4)}`;
