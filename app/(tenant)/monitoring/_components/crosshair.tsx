import { classNames } from '@/components/ui/class-names';
import { type PanelChart, readingOf } from '../panels';
import { looks } from './looks';
import type { PlotScale } from './plot-scale';
import { Swatch } from './swatch';

/** A mark of one period with a dot on each line, and in the chart that leads also its values. */
export function Crosshair({
  chart,
  scale: { x, y, bars },
  index,
  title,
  leftwards,
}: {
  readonly chart: PanelChart;
  readonly scale: PlotScale;
  readonly index: number;
  /** The period; null where no values are shown. */
  readonly title: string | null;
  readonly leftwards: boolean;
}) {
  const place = x(index);
  return (
    <div className="pointer-events-none absolute inset-0">
      <svg
        aria-hidden="true"
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        className="drawing absolute inset-0 size-full"
      >
        <path d={`M${place} 0V100`} strokeDasharray="2 2" className="stroke-ink" />
        {chart.lines.map(({ id, look, values }, line) => {
          const value = (chart.kind === 'count' ? bars[line]?.[index]?.[1] : values[index]) ?? null;
          if (value === null) return null;
          const d = `M${place} ${y(value)}h0`;
          return (
            <g key={id} strokeLinecap="round">
              <path d={d} strokeWidth="11" className="stroke-plate" />
              <path d={d} strokeWidth="7" className={looks[look].paint} />
            </g>
          );
        })}
      </svg>
      {title === null ? null : (
        <div
          className={classNames(
            'absolute top-1 z-10 border border-edge bg-plate px-2.5 py-1.5 text-xs whitespace-nowrap text-ink shadow-md',
            leftwards && '-translate-x-full',
          )}
          style={{ left: `${place}%`, marginLeft: leftwards ? '-0.6rem' : '0.6rem' }}
        >
          <p className="mb-1 text-muted">{title}</p>
          <dl className="grid grid-cols-[auto_max-content_max-content] items-center gap-x-2">
            {chart.lines.map((line) => (
              <div key={line.id} className="col-span-3 grid grid-cols-subgrid items-center">
                <Swatch look={line.look} />
                <dt>{line.name}</dt>
                <dd className="text-right font-medium whitespace-nowrap">{readingOf(line, index)}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </div>
  );
}
