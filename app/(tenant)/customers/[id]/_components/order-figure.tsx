'use client';

import type { ReactNode } from 'react';
import { roundTicks } from '@/components/chart/scale';
import { formatAmount, formatCount, formatDay, formatUnits } from '@/components/format';
import { classNames } from '@/components/ui/class-names';
import { Term } from '@/components/ui/term';
import { horizonDays } from '@/lib/domain/time';
import { type OrderPoint, type Silence, silenceOf, timeRange, timeTicks } from './order-scale';

/**
 * Orders over time as stems, oldest first, up to `asOf`, with the silence since the last order and what it is measured by. `note`
 * says which orders these are. The table below has the same orders, so the drawing itself is hidden from screen readers.
 */
export function OrderFigure({
  points,
  asOf,
  gapMeanDays,
  note,
}: {
  readonly points: readonly OrderPoint[];
  readonly asOf: Date | null;
  /** 0 when unknown. */
  readonly gapMeanDays: number;
  readonly note: string;
}) {
  const silence = silenceOf(points, asOf, gapMeanDays);
  return (
    <figure className="border border-line bg-plate p-5">
      <figcaption className="mb-4 flex flex-wrap items-baseline justify-between gap-x-6">
        <h2 className="text-sm">Orders over time</h2>
        <span className="text-xs text-muted">{note}</span>
      </figcaption>
      <Drawing points={points} asOf={asOf} silence={silence} />
      {silence ? <Legend silence={silence} gapMeanDays={gapMeanDays} /> : null}
    </figure>
  );
}

function Drawing({
  points,
  asOf,
  silence,
}: {
  readonly points: readonly OrderPoint[];
  readonly asOf: Date | null;
  readonly silence: Silence | null;
}) {
  const [from, to] = timeRange(points, asOf);
  const amounts = roundTicks(points.map(({ amount }) => amount));
  const [least = 0, most = 1] = [amounts[0], amounts.at(-1)];
  const { ticks, byMonth } = timeTicks(from, to);
  /** In percent of the drawing, from the left and from the top. */
  const x = (at: Date) => round(((at.getTime() - from.getTime()) / (to.getTime() - from.getTime())) * 100);
  const y = (amount: number) => round(((most - amount) / (most - least)) * 100);
  return (
    <div
      aria-hidden="true"
      className="figures grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-xs text-muted"
    >
      <div className="relative text-right">
        {amounts.map((amount) => (
          <div key={amount} className="h-0">
            <span className="invisible">{amountLabel(amount)}</span>
            <span className="absolute right-0 -translate-y-1/2" style={{ top: `${y(amount)}%` }}>
              {amountLabel(amount)}
            </span>
          </div>
        ))}
      </div>
      <svg
        aria-hidden="true"
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        className="drawing h-56 w-full"
      >
        {silence ? <SilenceMarks silence={silence} x={x} /> : null}
        <path d={amounts.map((amount) => `M0 ${y(amount)}H100`).join('')} className="stroke-line" />
        <path
          d={points.map(({ at, amount }) => `M${x(at)} ${y(0)}V${y(amount)}`).join('')}
          className="stroke-data"
        />
        <path
          d={points.map(({ at, amount }) => `M${x(at)} ${y(amount)}h0`).join('')}
          strokeLinecap="round"
          strokeWidth="6"
          className="stroke-data"
        />
        <Readings points={points} x={x} />
      </svg>
      <div className="relative col-start-2 mt-2 h-5">
        {ticks
          .filter((tick) => x(tick) < 96)
          .map((tick) => (
            <span
              key={tick.getTime()}
              className="absolute -translate-x-1/2 whitespace-nowrap max-sm:even:hidden"
              style={{ left: `${x(tick)}%` }}
            >
              {byMonth ? formatDay(tick).slice('dd '.length) : formatDay(tick).slice(0, 'dd mmm'.length)}
            </span>
          ))}
      </div>
    </div>
  );
}

/** The silence as an area, and in it the ends of the mean gap and of the days that churn is defined by. */
function SilenceMarks({
  silence: { from, to, gapEnds, horizonEnds },
  x,
}: {
  readonly silence: Silence;
  readonly x: (at: Date) => number;
}) {
  return (
    <>
      <rect x={x(from)} width={round(x(to) - x(from))} height="100" className="fill-silence" />
      {gapEnds && gapEnds <= to ? (
        <path d={`M${x(gapEnds)} 0V100`} strokeDasharray="6 4" className="stroke-ink" />
      ) : null}
      {horizonEnds <= to ? <path d={`M${x(horizonEnds)} 0V100`} className="stroke-ink" /> : null}
    </>
  );
}

/** How far from a stem the pointer still reads it, in percent of the drawing. */
const reach = 2;

/** What the pointer reads: the orders of the moment that is nearest to it. */
function Readings({
  points,
  x,
}: {
  readonly points: readonly OrderPoint[];
  readonly x: (at: Date) => number;
}) {
  const moments: { readonly at: Date; readonly amounts: string[] }[] = [];
  for (const { at, amount } of points) {
    const last = moments.at(-1);
    if (last?.at.getTime() === at.getTime()) last.amounts.push(formatAmount(amount));
    else moments.push({ at, amounts: [formatAmount(amount)] });
  }
  const places = moments.map(({ at }) => x(at));
  return moments.map(({ at, amounts }, index) => {
    const place = x(at);
    const left = Math.max(place - reach, (place + (places[index - 1] ?? Number.NEGATIVE_INFINITY)) / 2);
    const right = Math.min(place + reach, (place + (places[index + 1] ?? Number.POSITIVE_INFINITY)) / 2);
    return (
      <rect key={at.getTime()} x={round(left)} width={round(right - left)} height="100">
        <title>{`${formatDay(at)}: ${amounts.join(' + ')}`}</title>
      </rect>
    );
  });
}

/** The drawing in words. */
function Legend({
  silence: { from, to, days, gapEnds, horizonEnds },
  gapMeanDays,
}: {
  readonly silence: Silence;
  readonly gapMeanDays: number;
}) {
  const reached = (at: Date) => (at <= to ? `reached on ${formatDay(at)}` : 'not reached');
  return (
    <ul className="mt-4 flex flex-wrap gap-x-6 gap-y-1 border-t border-line pt-3 text-xs text-muted">
      <LegendItem swatch="w-4 border border-line bg-silence">
        {formatUnits(days, 'day')} without an order, from {formatDay(from)} to {formatDay(to)}
      </LegendItem>
      {gapEnds ? (
        <LegendItem swatch="w-0 border-l border-dashed border-ink">
          <Term name="gapMean" /> of {formatUnits(gapMeanDays, 'day')}: {reached(gapEnds)}
        </LegendItem>
      ) : null}
      <LegendItem swatch="w-0 border-l border-ink">
        {formatCount(horizonDays)} days: {reached(horizonEnds)}
      </LegendItem>
    </ul>
  );
}

function LegendItem({ swatch, children }: { readonly swatch: string; readonly children: ReactNode }) {
  return (
    <li className="flex items-center gap-2">
      <span aria-hidden="true" className={classNames('inline-block h-3 shrink-0', swatch)} />
      <span>{children}</span>
    </li>
  );
}

const amountLabel = (value: number): string =>
  Number.isInteger(value) ? formatCount(value) : formatAmount(value);

const round = (value: number): number => Math.round(value * 100) / 100;
