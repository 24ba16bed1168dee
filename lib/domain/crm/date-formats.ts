/** A way to write dates that a person may choose. */
export interface DateFormat {
  /** As in `OrderDates`; empty: ISO 8601. */
  readonly format: string;
  /** For people, with an example. */
  readonly words: string;
  /** Whether a date looks like it. Only the import decides. */
  readonly fits: (date: string) => boolean;
}

const days = [
  ['%d.%m.%Y', 'Day.month.year', '31.01.2026'],
  ['%d/%m/%Y', 'Day/month/year', '31/01/2026'],
  ['%m/%d/%Y', 'Month/day/year', '01/31/2026'],
  ['%d-%m-%Y', 'Day-month-year', '31-01-2026'],
  ['%m-%d-%Y', 'Month-day-year', '01-31-2026'],
  ['%Y/%m/%d', 'Year/month/day', '2026/01/31'],
  ['%d %b %Y', 'Day month year', '31 Jan 2026'],
  ['%Y%m%d', 'Year, month and day in a row', '20260131'],
] as const;

const times = [
  ['', '', ''],
  [' %H:%M', ' hour:minute', ' 13:00'],
  [' %H:%M:%S', ' hour:minute:second', ' 13:00:00'],
  [' %I:%M %p', ' hour:minute AM or PM', ' 01:00 PM'],
] as const;

const parts: Readonly<Record<string, string>> = {
  '%Y': '[0-9]{4}',
  '%m': '(0?[1-9]|1[0-2])',
  '%d': '(0?[1-9]|[12][0-9]|3[01])',
  '%b': '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)',
  '%H': '([01]?[0-9]|2[0-3])',
  '%I': '(0?[1-9]|1[0-2])',
  '%M': '[0-5]?[0-9]',
  '%S': '[0-5]?[0-9]',
  '%p': '(AM|PM)',
};

const iso: DateFormat = {
  format: '',
  words: 'ISO 8601: 2026-01-31, or 2026-01-31T13:00:00Z',
  fits: (date) =>
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?)?$/.test(date),
};

/** What a person can choose without knowing how formats are written. */
export const knownFormats: readonly DateFormat[] = [
  iso,
  ...days.flatMap(([day, dayWords, dayExample]) =>
    times.map(([time, timeWords, timeExample]) => {
      const pattern = new RegExp(
        `^${`${day}${time}`.replace(/%[a-zA-Z]/g, (part) => parts[part] ?? '').replaceAll('.', '[.]')}$`,
      );
      return {
        format: `${day}${time}`,
        words: `${dayWords}${timeWords}: ${dayExample}${timeExample}`,
        fits: (date: string) => pattern.test(date),
      };
    }),
  ),
];
