import { memo } from 'react';
import { linePath, lonePath, rounded } from '@/components/chart/scale';
import type { PanelChart } from '../panels';
import { looks } from './looks';
import type { PlotScale } from './plot-scale';

/** The lines and bars of a chart as SVG, which the server draws and needs no script. */
export const Drawing = memo(function Drawing({
  chart,
  periods,
  scale: { x, y, ticks, bars },
}: {
  readonly chart: PanelChart;
  readonly periods: number;
  readonly scale: PlotScale;
}) {
  return (
    <svg aria-hidden="true" viewBox="0 0 100 100" preserveAspectRatio="none" className="drawing size-full">
      <path d={ticks.map(({ value }) => `M0 ${y(value)}H100`).join('')} className="stroke-line" />
      {chart.lines.map(({ id, look, values }, line) => {
        const drawn = looks[look];
        if (drawn.shape === 'bar') {
          return <path key={id} d={barsPath(bars[line] ?? [], periods, y)} className={drawn.paint} />;
        }
        return (
          <g key={id} className={drawn.paint}>
            <path d={linePath(values, x, y)} strokeWidth={drawn.width} strokeDasharray={drawn.dash} />
            <path d={lonePath(values, x, y)} strokeWidth="6" strokeLinecap="round" />
          </g>
        );
      })}
    </svg>
  );
});

/** The share of a period's width that its bar fills. */
const fill = 0.72;

function barsPath(
  spans: readonly (readonly [from: number, to: number] | null)[],
  periods: number,
  y: (value: number) => number,
): string {
  const width = rounded((fill / periods) * 100);
  return spans
    .map((span, index) => {
      if (!span) return '';
      const left = rounded(((index + (1 - fill) / 2) / periods) * 100);
      return `M${left} ${y(span[0])}h${width}V${y(span[1])}h${-width}z`;
    })
    .join('');
}
