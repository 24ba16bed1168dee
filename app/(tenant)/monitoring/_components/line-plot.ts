import uPlot from 'uplot';
import type { MountedPlot } from '@/components/chart/mount';
import { axisStyle, mountPlot, tokenColour } from '@/components/chart/plot';
import { formatCount, formatDecimal, formatInstant, formatShare } from '@/components/format';
import type { Line, PanelChart } from '../panels';
import { dashes } from './dashes';

/** The charts of a page share their cursor. */
const syncKey = 'monitoring';
const height = 164;

export interface LinePlot {
  /** The newest chart with the starts of its periods, s. */
  latest(): { readonly chart: PanelChart; readonly times: readonly number[] };
  readonly periodSeconds: number;
  /** Called with the start of the period under the pointer, s, or null when it has left. */
  readonly onPoint: (at: number | null) => void;
  /** Called with the plot, or null once it is gone. */
  readonly onDrawn: (plot: uPlot | null) => void;
}

/** Draws a monitoring chart into `frame`. */
export function linePlot(
  frame: HTMLElement,
  { latest, periodSeconds, onPoint, onDrawn }: LinePlot,
): MountedPlot {
  return mountPlot(frame, {
    height,
    options: () => options(frame, latest().chart, periodSeconds, onPoint),
    data: () => columns(latest().times, latest().chart),
    onDrawn,
  });
}

function options(
  frame: HTMLElement,
  chart: PanelChart,
  periodSeconds: number,
  onPoint: (at: number | null) => void,
): Omit<uPlot.Options, 'width' | 'height'> {
  const { axis, line } = axisStyle(frame);
  const grid = { stroke: line, width: 1 };
  return {
    legend: { show: false },
    padding: [8, 24, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: syncKey }, points: { size: 7 } },
    scales: {
      // Leaves space for the last period, which is as long as the others.
      // From the data: for a single value uPlot suggests a range of a thousand days.
      x: { range: ({ data: [starts] }) => [starts[0] ?? 0, (starts.at(-1) ?? 0) + periodSeconds] },
      y: { range: (_, least, most) => rangeOf(chart.kind, least, most) },
    },
    axes: [
      { ...axis, size: 28, grid: { show: false }, space: 64, values: (_, splits) => splits.map(timeLabel) },
      {
        ...axis,
        size: 60,
        grid,
        space: 28,
        values: (_, splits) => splits.map((value) => label(chart.kind, value)),
      },
    ],
    series: [{}, ...chart.lines.filter(isDrawnLine).map((each) => seriesOf(frame, each))],
    hooks: { ready: [(plot) => followPointer(plot, onPoint)] },
  };
}

/** Unlike uPlot's own hook for its cursor, this is silent when new data is drawn. */
function followPointer(plot: uPlot, onPoint: (at: number | null) => void): void {
  plot.over.addEventListener('mousemove', ({ offsetX }) =>
    onPoint(plot.data[0][plot.posToIdx(offsetX)] ?? null),
  );
  plot.over.addEventListener('mouseleave', () => onPoint(null));
}

/** The drawn lines with their times. */
const columns = (times: readonly number[], chart: PanelChart): uPlot.AlignedData => [
  [...times],
  ...chart.lines.filter(isDrawnLine).map(({ values }) => [...values]),
];

const isDrawnLine = ({ quiet }: Line): boolean => quiet !== true;

function seriesOf(frame: HTMLElement, { stroke }: Line): uPlot.Series {
  const colour = tokenColour(frame, stroke === 'failed-bar' ? '--color-failed' : '--color-data');
  if (stroke === 'bar' || stroke === 'failed-bar') {
    const bars = uPlot.paths.bars?.({ size: [0.7, 24], align: 1 });
    return { stroke: colour, fill: colour, points: { show: false }, ...(bars ? { paths: bars } : {}) };
  }
  const ink = stroke === 'dotted' ? tokenColour(frame, '--color-ink') : colour;
  return {
    stroke: ink,
    width: stroke === 'line' ? 2 : 1.5,
    dash: [...dashes[stroke]],
    // A data point between two gaps has no line segment.
    points: { show: true, size: 5, stroke: ink, fill: ink, filter: alone },
  };
}

/** Indexes of values without a neighbour. */
const alone: uPlot.Series.Points.Filter = (plot, series) => {
  const values = plot.data[series] ?? [];
  const missing = (index: number) => (values[index] ?? null) === null;
  return Array.from(values, (_, index) => index).filter(
    (index) => !missing(index) && missing(index - 1) && missing(index + 1),
  );
};

const shareFloors = [0.99, 0.95, 0.9, 0.75, 0.5, 0];

function rangeOf(kind: PanelChart['kind'], least: number | null, most: number | null): [number, number] {
  if (kind === 'share') {
    const lowest = least ?? 1;
    return [shareFloors.find((floor) => floor <= lowest) ?? 0, 1];
  }
  return [0, Math.max(kind === 'count' ? 1 : 0.1, (most ?? 0) * 1.08)];
}

function label(kind: PanelChart['kind'], value: number): string {
  if (kind === 'share') return formatShare(value);
  if (kind === 'time') return `${value < 1 ? formatFine(value) : formatDecimal(value)} ms`;
  return Number.isInteger(value) ? formatCount(value) : '';
}

/** `10:05` in the reader's zone, or `20 Nov` for the start of a day. */
function timeLabel(seconds: number): string {
  const text = formatInstant(new Date(seconds * 1000), 'minute');
  return text.endsWith('00:00') ? text.slice(0, 6) : text.slice(-5);
}

const formatFine = (value: number): string => String(Number(value.toPrecision(2)));
