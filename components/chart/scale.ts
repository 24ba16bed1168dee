import { daySeconds, hourSeconds } from '@/lib/domain/time';
import { formatInstant } from '../format';

/** Round values from the least to beyond the greatest of `values` and 0, in at most six steps that are not below `leastStep`. */
export function roundTicks(values: readonly number[], leastStep = 0): readonly number[] {
  const least = Math.min(0, ...values);
  const most = Math.max(0, ...values);
  const rough = Math.max((most - least || 1) / 4, leastStep);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10);
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step));
  return Array.from({ length: last - first + 1 }, (_, n) => (first + n) * step);
}

const timeSteps = [
  120,
  300,
  600,
  900,
  1800,
  ...[1, 2, 3, 6, 12].map((hours) => hours * hourSeconds),
  ...[1, 2, 5, 10].map((days) => days * daySeconds),
];
const mostTimeTicks = 6;

export interface TimeTick {
  /** s since the epoch. */
  readonly at: number;
  /** `10:05`, or `20 Nov` for the start of a day. */
  readonly label: string;
}

/** At most seven round times of the clock between two instants, s since the epoch. */
export function timeTicks(from: number, to: number, zone: 'UTC' | 'local'): readonly TimeTick[] {
  const step = timeSteps.find((each) => (to - from) / each <= mostTimeTicks) ?? to - from;
  const shift = zone === 'UTC' ? 0 : new Date(from * 1000).getTimezoneOffset() * 60;
  const first = Math.ceil((from - shift) / step) * step + shift;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, n) => {
    const at = first + n * step;
    const text = formatInstant(new Date(at * 1000), 'minute', zone);
    return {
      at,
      label: text.endsWith('00:00') ? text.slice(0, 'dd mmm'.length) : text.slice(-'hh:mm'.length),
    };
  });
}

type Values = readonly (number | null)[];
type Scale = (value: number) => number;

/** A line through the values, in SVG path syntax. A missing value interrupts it. */
export function linePath(values: Values, x: Scale, y: Scale): string {
  return values
    .map((value, at) => {
      if (value === null) return '';
      return `${isMissing(values, at - 1) ? 'M' : 'L'}${x(at)} ${y(value)}`;
    })
    .join('');
}

/** Zero-length strokes at the values without neighbours: dots, where the line cap is round. */
export function lonePath(values: Values, x: Scale, y: Scale): string {
  return values
    .map((value, at) =>
      value !== null && isMissing(values, at - 1) && isMissing(values, at + 1)
        ? `M${x(at)} ${y(value)}h0`
        : '',
    )
    .join('');
}

const isMissing = (values: Values, at: number): boolean => (values[at] ?? null) === null;

/** Values on top of each other: where each series begins and ends in each period; null where it has none, or zero. */
export function stacked(
  series: readonly Values[],
): readonly (readonly ([from: number, to: number] | null)[])[] {
  const tops: number[] = [];
  return series.map((values) =>
    values.map((value, at) => {
      if (value === null || value === 0) return null;
      const from = tops[at] ?? 0;
      tops[at] = from + value;
      return [from, from + value];
    }),
  );
}

/** At most two decimals, which a drawing of a hundred units needs. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
