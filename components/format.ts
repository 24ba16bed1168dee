/** Every figure and date that people read is worded here. Language: English; figures grouped by thousands. */

const counts = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const amounts = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percents = new Intl.NumberFormat('en', {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const measures = new Intl.NumberFormat('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const decimals = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `69,659` */
export const formatCount = (value: number): string => counts.format(value);

/** `1,204.50`: an amount in the currency of the tenant's orders, which Annex does not know. */
export const formatAmount = (value: number): string => amounts.format(value);

/** `42.3%` of a share in [0, 1]; what is nearly none or nearly all is not worded as none or all. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1%';
  if (share < 1 && share >= 0.9995) return '>99.9%';
  return percents.format(share);
}

/** `12.5`: at most one decimal. */
export const formatDecimal = (value: number): string => decimals.format(value);

/** `0.742`: a measure of a model, in [-1, 1] or so. */
export const formatMeasure = (value: number): string => measures.format(value);

const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `512 B`, `1.5 MB`: decimal units, as S3 counts. */
export function formatBytes(bytes: number): string {
  const power = Math.min(sizeUnits.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${decimals.format(bytes / 1000 ** power)} ${sizeUnits[power]}`;
}

/** `1 order`, `1,200 orders`. */
export const formatUnits = (value: number, one: string, many = `${one}s`): string =>
  `${decimals.format(value)} ${value === 1 ? one : many}`;

/** `0.42 ms`, `12.3 ms`, `1,204 ms`: three digits, as many as a measured time is good for. */
export const formatMilliseconds = (value: number): string =>
  `${(value < 9.995 ? amounts : value < 99.95 ? tenths : counts).format(value)} ms`;

/** `4 s`, `2 min 05 s`, `1 h 04 min` of a length in milliseconds. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** `just now`, `5 minutes ago`, `3 days ago`: how long before `now` an instant was. */
export function formatAge(instant: Date, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - instant.getTime()) / 1000);
  if (seconds < 45) return 'just now';
  const [unit, length] =
    seconds < 3570
      ? (['minute', 60] as const)
      : seconds < 84_600
        ? (['hour', 3600] as const)
        : (['day', 86_400] as const);
  return `${formatUnits(Math.round(seconds / length), unit)} ago`;
}

export type InstantStyle = 'date' | 'minute' | 'second';

/** `05 Jan 2026`, `05 Jan 2026, 14:03` or `…:07` in `timeZone`; equally long whatever the zone. */
export function formatInstant(instant: Date, style: InstantStyle, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(timeZone ? { timeZone } : {}),
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  const date = `${part('day')} ${part('month')} ${part('year')}`;
  if (style === 'date') return date;
  const time = `${part('hour')}:${part('minute')}`;
  return style === 'minute' ? `${date}, ${time}` : `${date}, ${time}:${part('second')}`;
}

/** True for an instant that was given as a day: midnight UTC. Such a day is the same in every zone. */
export const isWholeDay = (instant: Date): boolean => instant.getTime() % 86_400_000 === 0;

const pad = (value: number): string => String(value).padStart(2, '0');
