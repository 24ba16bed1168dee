import type uPlot from 'uplot';
import type { MountedPlot } from '@/components/chart/mount';
import { axisStyle, mountPlot, tokenColour } from '@/components/chart/plot';
import { formatAmount, formatCount, formatInstant } from '@/components/format';
import { daySeconds } from '@/lib/domain/time';
import type { OrderPoint } from './orders-chart';

const height = 224;

/**
 * Draws `points` as stems into `frame`. Calls `onPoint` with the index nearest to the pointer, and `onDrawn` with the
 * plot, or with null once it is gone.
 */
export function orderPlot(
  frame: HTMLElement,
  points: readonly OrderPoint[],
  onPoint: (index: number) => void,
  onDrawn: (plot: uPlot | null) => void,
): MountedPlot {
  return mountPlot(frame, {
    height,
    options: () => options(frame, onPoint),
    data: () => columns(points),
    onDrawn,
  });
}

const columns = (points: readonly OrderPoint[]): uPlot.AlignedData => [
  points.map(({ at }) => at),
  points.map(({ amount }) => amount),
];

function options(
  frame: HTMLElement,
  onPoint: (index: number) => void,
): Omit<uPlot.Options, 'width' | 'height'> {
  const mark = tokenColour(frame, '--color-data');
  const { axis, line } = axisStyle(frame);
  return {
    legend: { show: false },
    // UTC days, as imported and as shown everywhere on the page.
    tzDate: (seconds) => new Date(utcAsLocal(seconds * 1000)),
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 9, fill: mark } },
    scales: {
      // From the data: for a single value uPlot suggests a range of a thousand days.
      x: { range: ({ data: [days] }) => padded(days[0] ?? 0, days.at(-1) ?? 0) },
      y: { range: (_, least, most) => [Math.min(0, least * 1.08), Math.max(1, most * 1.08)] },
    },
    axes: [
      {
        ...axis,
        // Slightly wider than the widest label.
        space: 72,
        grid: { show: false },
        values: (_, splits, _axis, _space, step) => splits.map((at) => dayLabel(at, step)),
      },
      { ...axis, size: 64, grid: { stroke: line, width: 1 }, values: (_, splits) => splits.map(amountLabel) },
    ],
    series: [
      {},
      {
        stroke: mark,
        fill: mark,
        paths: stems,
        points: { show: true, size: 6, stroke: mark, fill: mark },
      },
    ],
    hooks: {
      setCursor: [
        (plot) => {
          if (typeof plot.cursor.idx === 'number') onPoint(plot.cursor.idx);
        },
      ],
    },
  };
}

/** A stem from zero up to each value. Orders are single events, so no line connects them. */
const stems: uPlot.Series.PathBuilder = (plot, seriesIndex, first, last) => {
  const path = new Path2D();
  const zero = plot.valToPos(0, 'y', true);
  for (let index = first; index <= last; index += 1) {
    const at = plot.data[0][index];
    const value = plot.data[seriesIndex]?.[index];
    if (at === undefined || value === null || value === undefined) continue;
    const x = plot.valToPos(at, 'x', true);
    path.moveTo(x, zero);
    path.lineTo(x, plot.valToPos(value, 'y', true));
  }
  return { stroke: path, fill: null, clip: null, flags: 0 };
};

/** Padding at both ends, so that a single order is centred and no stem touches the edge. */
function padded(first: number, last: number): [number, number] {
  const room = Math.max((last - first) * 0.02, 3 * daySeconds);
  return [first - room, last + room];
}

/** A day in the format of the rest of the page; only the month where ticks are months apart. */
function dayLabel(at: number, step: number): string {
  const day = formatInstant(new Date(at * 1000), 'date', 'UTC');
  return step < 28 * daySeconds ? day.slice(0, 'dd mmm'.length) : day.slice('dd '.length);
}

const amountLabel = (value: number): string =>
  Number.isInteger(value) ? formatCount(value) : formatAmount(value);

/** A date whose local fields equal the UTC fields of `milliseconds`. */
const utcAsLocal = (milliseconds: number): number =>
  milliseconds + new Date(milliseconds).getTimezoneOffset() * 60_000;
