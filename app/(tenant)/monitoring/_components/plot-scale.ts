import { rounded, roundTicks, stacked } from '@/components/chart/scale';
import { formatCount, formatDecimal, formatShare } from '@/components/format';
import type { PanelChart } from '../panels';

type Spans = ReturnType<typeof stacked>;

/** Where everything of a chart is, in percent of the drawing, from the left and from the top. */
export interface PlotScale {
  /** The middle of a period. */
  x(index: number): number;
  y(value: number): number;
  /** Values that the grid marks, with their labels. */
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  /** Where each line's bars begin and end; empty for a chart of lines. */
  readonly bars: Spans;
}

/** The scale of `chart` with `periods` periods. */
export function plotScale(chart: PanelChart, periods: number): PlotScale {
  const series = chart.lines.map(({ values }) => values);
  const bars = chart.kind === 'count' ? stacked(series) : [];
  const values = chart.kind === 'count' ? bars.flat().map((span) => span?.[1] ?? 0) : series.flat();
  const ticks = ticksOf(
    chart.kind,
    values.filter((value) => value !== null),
  );
  const [least = 0, most = 1] = [ticks[0], ticks.at(-1)];
  return {
    x: (index) => rounded(((index + 0.5) / periods) * 100),
    y: (value) => rounded(((most - value) / (most - least)) * 100),
    ticks: ticks.map((value) => ({ value, label: label(chart.kind, value) })),
    bars,
  };
}

const shareFloors = [0.99, 0.95, 0.9, 0.75, 0.5, 0];

function ticksOf(kind: PanelChart['kind'], values: readonly number[]): readonly number[] {
  if (kind === 'share') {
    const least = values.reduce((low, value) => Math.min(low, value), 1);
    const floor = shareFloors.find((each) => each <= least) ?? 0;
    return [floor, (floor + 1) / 2, 1];
  }
  const most = values.reduce((high, value) => Math.max(high, value), 0);
  return roundTicks([most], kind === 'count' ? 1 : 0);
}

function label(kind: PanelChart['kind'], value: number): string {
  if (kind === 'share') return formatShare(value);
  if (kind === 'time')
    return `${value > 0 && value < 1 ? Number(value.toPrecision(2)) : formatDecimal(value)} ms`;
  return formatCount(value);
}
