import type { OrderDates } from '@/lib/domain/crm/ports';
import { hourMs, utcDay } from '@/lib/domain/time';
import { AnnexError } from '@/lib/errors';
import type { ValueForm } from './order-columns';

/** How `ordered_at` is read: its form, and SQL for a session in `timeZone`. */
export interface DateReading {
  readonly timeZone: string;
  readonly form: ValueForm;
  /** The type in which it is staged. */
  readonly type: 'timestamptz' | 'text COLLATE "C"';
  /** The timestamptz that the staged expression `value` says. Fails for a day that the calendar does not have. */
  instant(value: string): string;
  /** Conditions on `VALUE`, by constraint. PostgreSQL evaluates constraints in alphabetical order. */
  readonly checks: Readonly<Record<string, string>>;
  /** The form that a date must have, in words. */
  readonly words: string;
}

/** A form of dates: what of it is ISO 8601, and how it is called. */
interface DateForm {
  readonly iso: ValueForm;
  readonly words: string;
}

/** The day begins first at UTC+14: whatever is later is after today everywhere. */
const earliestZoneMs = 14 * hourMs;

const time = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?';
const offset = '(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)';

const isoPattern = new RegExp(`^ *[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]${time}( ?${offset})?)? *$`);

/** PostgreSQL alone would also read `now`, `05.01.24` and `UTC+2`, whose sign it reverses. */
const isoForm: DateForm = {
  iso: (text) => (isoPattern.test(text) ? text : null),
  words: 'a date such as 1997-01-31, or a time such as 1997-01-31T13:00:00Z',
};

/**
 * How an import reads dates: as ISO 8601, or only in the given format, whose years have four digits. A date without a time is the
 * start of that day in UTC; the time zone is for times without an offset. Throws `invalid` for a format or a time zone that
 * cannot be used.
 */
export function dateReading(
  { format, timeZone = 'UTC', allowFuture = false }: OrderDates,
  now: Date,
): DateReading {
  const zone = checkedZone(timeZone);
  const form = format === undefined ? isoForm : formOf(format);
  const isUtc = zone === 'UTC';
  const instant = (value: string): string =>
    isUtc ? value : `(CASE WHEN ${value} ~ ':' THEN ${value} ELSE ${value} || 'Z' END)::timestamptz`;
  const latest = allowFuture ? 'infinity' : new Date(now.getTime() + earliestZoneMs).toISOString();
  return {
    timeZone: zone,
    form: form.iso,
    // Checks of times in a zone see whether there is an offset.
    type: isUtc ? 'timestamptz' : 'text COLLATE "C"',
    instant,
    checks: {
      ordered_at_range: `${instant('VALUE')} >= '1900-01-01Z' AND ${instant('VALUE')} < '${latest}'`,
      ...(!isUtc && localTimeChecks('VALUE')),
    },
    words: form.words,
  };
}

/**
 * Refuses a time without an offset that is no instant of the session's zone, or two: a clock that is put forward skips an hour, and
 * one that is put back shows an hour twice. PostgreSQL would move the first, and take the later one of the second.
 */
function localTimeChecks(iso: string): Readonly<Record<string, string>> {
  const unlessLocal = `${iso} !~ ':' OR ${iso} ~ ':.*[Z+-]'`;
  const local = `${iso}::timestamp`;
  // The instants that have the offset of two days before, and of two days after. Mostly they are one.
  const earlier = `((${local} - interval '2 days')::timestamptz + interval '48 hours')`;
  const later = `((${local} + interval '2 days')::timestamptz - interval '48 hours')`;
  return {
    ordered_at_repeated: `${unlessLocal} OR ${earlier} = ${later} OR ${earlier}::timestamp <> ${local} OR ${later}::timestamp <> ${local}`,
    ordered_at_skipped: `${unlessLocal} OR ${local}::timestamptz::timestamp = ${local}`,
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The conversions of `strftime` that a format may use: the pattern, and where the value goes. */
const conversions: Readonly<Record<string, readonly [part: Part, pattern: string]>> = {
  Y: ['year', '[0-9]{4}'],
  m: ['month', '[0-9]{2}'],
  b: ['month', months.join('|')],
  d: ['day', '[0-9]{2}'],
  // PostgreSQL alone would also read hour 24 and, with AM or PM, hour 0.
  H: ['hour', '(?!2[4-9]|[3-9][0-9])[0-9]{2}'],
  I: ['hour', '(?!00|0[^0-9]|1[3-9]|[2-9][0-9])[0-9]{2}'],
  M: ['minute', '[0-5][0-9]'],
  S: ['second', '[0-5][0-9]'],
  p: ['half', 'AM|PM'],
};
type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'half';

function formOf(format: string): DateForm {
  const groups = new Map<Part, number>();
  // Between separators a value may lack the leading zero.
  const separated = !/%[a-z]%[a-z]/i.test(format);
  const pattern = format.replace(/%(.?)|[^%]/gsu, (character, conversion: string | undefined) => {
    if (conversion === undefined || conversion === '%') return escaped(conversion ?? character);
    const [part, digits = ''] = conversions[conversion] ?? [];
    if (part === undefined || groups.has(part)) throw wrongFormat(format);
    groups.set(part, groups.size + 1);
    return `(${separated ? digits.replace('{2}', '{1,2}') : digits})`;
  });
  const has = (part: Part): boolean => groups.has(part);
  const complete =
    has('year') &&
    has('month') &&
    has('day') &&
    has('hour') === has('minute') &&
    (!has('second') || has('minute')) &&
    has('half') === /%I/.test(format);
  if (!complete) throw wrongFormat(format);
  const whole = new RegExp(`^ *${pattern} *$`);
  return {
    iso: (text) => {
      const found = whole.exec(text);
      if (!found) return null;
      const value = (part: Part): string => found[groups.get(part) ?? 0] ?? '';
      const day = `${value('year')}-${monthOf(value('month'))}-${value('day').padStart(2, '0')}`;
      if (!isDay(day)) return null;
      const seconds = has('second') ? `:${value('second')}` : '';
      const half = has('half') ? ` ${value('half')}` : '';
      return has('hour') ? `${day} ${value('hour')}:${value('minute')}${seconds}${half}` : day;
    },
    words: `a date in the format ${format}`,
  };
}

const monthOf = (text: string): string => {
  const name = months.indexOf(text);
  return name < 0 ? text.padStart(2, '0') : String(name + 1).padStart(2, '0');
};

/** Whether the calendar has `day`, such as 2024-02-29. PostgreSQL would name a day that it does not have in this form. */
function isDay(day: string): boolean {
  const time = Date.parse(day);
  return !Number.isNaN(time) && utcDay(new Date(time)) === day && !day.startsWith('0000');
}

/** A literal character in a regular expression: in brackets only a caret and a backslash would be special. */
const escaped = (character: string): string =>
  /[\^\\]/.test(character) ? `\\${character}` : `[${character}]`;

const wrongFormat = (format: string): AnnexError =>
  new AnnexError(
    'invalid',
    `The date format ${format} cannot be used. It needs %Y (four digits), %m or %b, and %d, and for times %H and %M, or %I, %M and %p; each once. %S is optional.`,
  );

/** Not PostgreSQL's own check, which accepts `UTC+2` with its sign reversed. */
function checkedZone(timeZone: string): string {
  const known = /^[A-Za-z]/.test(timeZone) && isZone(timeZone);
  if (!known) {
    throw unknownZone(timeZone);
  }
  return timeZone;
}

/** The error `invalid` for a time zone that PostgreSQL or Annex does not know. */
export const unknownZone = (timeZone: string, cause?: unknown): AnnexError =>
  new AnnexError(
    'invalid',
    `The time zone ${timeZone} is unknown. Use a name such as Europe/Berlin or UTC.`,
    { cause },
  );

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
