import { dayMs, daySeconds, hourSeconds } from '@/lib/domain/time';

/**
 * Formats every figure and date that people read. English, with thousands separators. Without `Intl`: loading its
 * data and creating a formatter takes a slow phone longer than the rest of a page.
 */

/** `value` with at least `least` and at most `most` decimals, half away from zero, in groups of three digits. */
function figure(value: number, least: number, most = least): string {
  // Rounded to zero, a small negative value has no sign.
  const [whole = '', decimals = ''] = value
    .toFixed(most)
    .replace(/^-(?=[0.]+$)/, '')
    .split('.');
  const shown = decimals.slice(0, least) + decimals.slice(least).replace(/0+$/, '');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return shown === '' ? grouped : `${grouped}.${shown}`;
}

/** `69,659` */
export const formatCount = (value: number): string => figure(value, 0);

/** `1,204.50`: an amount in the currency of the tenant's orders, which Annex does not know. */
export const formatAmount = (value: number): string => figure(value, 2);

/** `$1.20`, `$1,204.50`, `-$3.00`; an amount below half a cent that is not nothing is `<$0.01`. */
export function formatUsd(value: number): string {
  if (value > 0 && value < 0.005) return '<$0.01';
  return `${value <= -0.005 ? '-' : ''}$${figure(Math.abs(value), 2)}`;
}

/** `$0.115`, `$0.05`: a price of an hour, as exact as price lists are. */
export const formatUsdRate = (value: number): string => `$${figure(value, 2, 4)}`;

/** `42.3%` for a share in [0, 1]. Only none is `0.0%`, and only all `100.0%`. */
export const formatShare = (share: number): string =>
  share === 0 || share === 1 ? `${figure(share * 100, 1)}%` : formatProbability(share);

/** `42.3%` for a forecast probability in [0, 1], between `<0.1%` and `>99.9%`: no forecast is certain, whatever a model answers. */
export function formatProbability(probability: number): string {
  if (probability < 0.0005) return '<0.1%';
  return probability >= 0.9995 ? '>99.9%' : `${figure(probability * 100, 1)}%`;
}

/** `±3.2 points`: how far a share may be off, in percentage points. */
export const formatMargin = (share: number): string =>
  share < 0.0005 ? '±<0.1 points' : `±${figure(share * 100, 1)} points`;

/** `12.5`: at most one decimal. */
export const formatDecimal = (value: number): string => figure(value, 0, 1);

/** `0.742`: a measure of a model, in [-1, 1] or so. */
export const formatMeasure = (value: number): string => figure(value, 3);

/** `950`, `1.2k`, `35k`, `1.2M`: a count in at most four characters, where space is short. */
export function formatShort(value: number): string {
  for (const [unit, letter] of [
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value >= unit * 9.95) return `${figure(value / unit, 0)}${letter}`;
    // What rounds to the next unit is written in it.
    if (value >= unit * 0.9995) return `${figure(value / unit, 0, 1)}${letter}`;
  }
  return figure(value, 0);
}

const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `512 B`, `1.5 MB`: decimal units, as S3 counts. */
export function formatBytes(bytes: number): string {
  const power = Math.min(sizeUnits.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${figure(bytes / 1000 ** power, 0, 1)} ${sizeUnits[power]}`;
}

/** `1 order`, `1,200 orders`. */
export function formatUnits(value: number, one: string, many = `${one}s`): string {
  const shown = figure(value, 0, 1);
  return `${shown} ${shown === '1' ? one : many}`;
}

/** `0.42 ms`, `12.3 ms`, `1,204 ms`: three significant digits, the precision of a measured time. */
export const formatMilliseconds = (value: number): string =>
  `${figure(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ms`;

/** `4 s`, `2 min 05 s`, `1 h 04 min` of a length in milliseconds. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** `just now`, `5 minutes ago`, `3 days ago`: the age of an instant at `now`. */
export function formatAge(instant: Date, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - instant.getTime()) / 1000);
  if (seconds < 45) return 'just now';
  const [unit, length] =
    seconds < 3570
      ? (['minute', 60] as const)
      : seconds < 84_600
        ? (['hour', hourSeconds] as const)
        : (['day', daySeconds] as const);
  return `${formatUnits(Math.round(seconds / length), unit)} ago`;
}

export type InstantStyle = 'date' | 'minute' | 'second';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `05 Jan 2026`, `05 Jan 2026, 14:03` or `…:07` in UTC or the reader's zone; equally long in both. */
export function formatInstant(instant: Date, style: InstantStyle, zone: 'UTC' | 'local' = 'local'): string {
  // Shifted so that its UTC fields equal the reader's local time.
  const wall = new Date(instant.getTime() - (zone === 'UTC' ? 0 : instant.getTimezoneOffset() * 60_000));
  const month = months[wall.getUTCMonth()] ?? '';
  const date = `${pad(wall.getUTCDate())} ${month} ${wall.getUTCFullYear()}`;
  if (style === 'date') return date;
  const time = `${pad(wall.getUTCHours())}:${pad(wall.getUTCMinutes())}`;
  return style === 'minute' ? `${date}, ${time}` : `${date}, ${time}:${pad(wall.getUTCSeconds())}`;
}

/**
 * `UTC`, or the reader's zone at `instant` as its distance from UTC: `UTC+1`, `UTC-3:30`. The short names of zones are neither unique
 * nor known without `Intl`.
 */
export function zoneName(instant: Date, zone: 'UTC' | 'local'): string {
  const ahead = zone === 'UTC' ? 0 : -instant.getTimezoneOffset();
  if (ahead === 0) return 'UTC';
  const [hours, minutes] = [Math.floor(Math.abs(ahead) / 60), Math.abs(ahead) % 60];
  return `UTC${ahead < 0 ? '-' : '+'}${hours}${minutes === 0 ? '' : `:${pad(minutes)}`}`;
}

/** `05 Jan 2026, 14:03 UTC+1`: an instant and the zone it is written in. */
export const formatZoned = (
  instant: Date,
  style: 'minute' | 'second',
  zone: 'UTC' | 'local' = 'local',
): string => `${formatInstant(instant, style, zone)} ${zoneName(instant, zone)}`;

/** `05 Jan 2026`: a day in UTC, the same for every reader. */
export const formatDay = (day: Date): string => formatInstant(day, 'date', 'UTC');

/** True for an instant that was given as a day: midnight UTC. Such a day is the same in every time zone. */
export const isWholeDay = (instant: Date): boolean => instant.getTime() % dayMs === 0;

const pad = (value: number): string => String(value).padStart(2, '0');
