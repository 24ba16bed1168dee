import type uPlot from 'uplot';
import { Status } from '@/components/ui/status';
import { isDrawn, type PanelChart, type PanelNote, readingOf } from '../panels';
import { ChartFrame } from './chart-frame';
import { PeriodsTable } from './periods-table';
import { Swatch } from './swatch';

interface Props {
  readonly chart: PanelChart;
  readonly times: readonly number[];
  readonly periodSeconds: number;
  /** `in the last hour` */
  readonly span: string;
  /** The selected period. */
  readonly index: number;
  readonly onPoint: (at: number | null) => void;
  readonly onDrawn: (id: string, plot: uPlot | null) => void;
}

/**
 * A chart with its headline, notes, legend with the values of the selected period, and the same data as a table.
 */
export function ChartBlock({ chart, times, periodSeconds, span, index, onPoint, onDrawn }: Props) {
  const drawn = isDrawn(chart);
  return (
    <>
      {chart.headline !== null || chart.note ? (
        <p className="figures flex min-h-8 flex-wrap items-baseline gap-x-3 text-sm">
          {chart.headline === null ? null : <span className="text-xl font-semibold">{chart.headline}</span>}
          {chart.note && isGrave(chart.note) ? (
            <Status tone="failed">{chart.note.text}</Status>
          ) : (
            <span className="text-muted">{chart.note?.text ?? span}</span>
          )}
        </p>
      ) : null}
      {drawn ? (
        <ChartFrame
          chart={chart}
          times={times}
          periodSeconds={periodSeconds}
          onPoint={onPoint}
          onDrawn={onDrawn}
        />
      ) : (
        <div aria-hidden="true" className="needs-script h-42 border-b border-l border-line" />
      )}
      <dl className="figures mt-2 flex min-h-6 flex-wrap gap-x-5 gap-y-1 text-xs">
        {chart.lines.map((line) => (
          <div key={line.id} className="flex items-center gap-2">
            <dt className="flex items-center gap-2 text-muted">
              {line.quiet ? null : <Swatch stroke={line.stroke} />}
              {line.name}
            </dt>
            <dd className="font-medium">{readingOf(line, index)}</dd>
          </div>
        ))}
      </dl>
      {drawn ? <PeriodsTable chart={chart} times={times} /> : null}
    </>
  );
}

const isGrave = ({ state }: PanelNote): boolean => state === 'failed' || state === 'denied';
