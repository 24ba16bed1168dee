import { memo, useMemo } from 'react';
import { Cell, DataTable, RowHead } from '@/components/data/table';
import { formatInstant, zoneName } from '@/components/format';
import type { LiveView } from '../live-view';
import { chartsOf, isDrawn, type PanelChart, periodsWithData, readingOf } from '../panels';

/** The values of each chart per period, newest first, without empty periods. Works without JavaScript. */
export const PeriodsTables = memo(function PeriodsTables({
  view,
  zone,
}: {
  readonly view: LiveView;
  readonly zone: 'UTC' | 'local';
}) {
  const charts = useMemo(() => chartsOf(view).filter(isDrawn), [view]);
  const times = view.metrics.state === 'read' ? view.metrics.figures.times : [];
  if (charts.length === 0) return null;
  return (
    <section aria-label="Figures as tables" className="border border-line bg-plate text-sm">
      {charts.map((chart) => (
        <details key={chart.id} className="border-line not-first:border-t">
          <summary className="px-5 py-2 text-xs text-muted hover:text-ink">{chart.title} as a table</summary>
          <div className="px-5 pb-5">
            <PeriodsTable chart={chart} times={times} zone={zone} />
          </div>
        </details>
      ))}
    </section>
  );
});

function PeriodsTable({
  chart: { title, lines },
  times,
  zone,
}: {
  readonly chart: PanelChart;
  readonly times: readonly number[];
  readonly zone: 'UTC' | 'local';
}) {
  const instant = (index: number) => new Date((times[index] ?? 0) * 1000);
  const columns = [
    { label: `Period (${zoneName(instant(0), zone)})` },
    ...lines.map(({ name }) => ({ label: name, numeric: true })),
  ];
  return (
    <DataTable label={`${title} by start of period`} columns={columns}>
      {periodsWithData(lines, times.length).map((index) => (
        <tr key={times[index]}>
          <RowHead>{formatInstant(instant(index), 'minute', zone)}</RowHead>
          {lines.map((line) => (
            <Cell key={line.id} numeric>
              {readingOf(line, index)}
            </Cell>
          ))}
        </tr>
      ))}
    </DataTable>
  );
}
