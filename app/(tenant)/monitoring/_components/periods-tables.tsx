import { memo, useMemo } from 'react';
import { Cell, DataTable, RowHead } from '@/components/data/table';
import { formatInstant, zoneName } from '@/components/format';
import type { LiveView } from '../live-view';
import { chartsOf, type Line, type PanelChart, periodsWithData, readingOf } from '../panels';

/** A column of figures. */
interface Figure {
  readonly label: string;
  readonly line: Line;
}

const tables = [
  ['Calls and errors', ['invocations', 'errors']],
  ['Success rate', ['success']],
  ['Duration', ['model', 'overhead']],
] as const;

/** The values of all charts per period, newest first, without empty periods. Works without JavaScript. */
export const PeriodsTables = memo(function PeriodsTables({
  view,
  zone,
}: {
  readonly view: LiveView;
  readonly zone: 'UTC' | 'local';
}) {
  const charts = useMemo(() => chartsOf(view), [view]);
  const times = view.metrics.state === 'read' ? view.metrics.figures.times : [];
  const shown = tables
    .map(([title, ids]) => ({ title, figures: ids.flatMap((id) => figuresOf(charts, id)) }))
    .filter(({ figures }) => figures.some(({ line }) => line.values.some((value) => value !== null)));
  if (shown.length === 0) return null;
  return (
    <section aria-label="Figures as tables" className="border border-line bg-plate text-sm">
      {shown.map(({ title, figures }) => (
        <details key={title} className="border-line not-first:border-t">
          <summary className="px-5 py-2 text-xs text-muted hover:text-ink">{title} as a table</summary>
          <div className="px-5 pb-5">
            <PeriodsTable title={title} figures={figures} times={times} zone={zone} />
          </div>
        </details>
      ))}
    </section>
  );
});

function figuresOf(charts: readonly PanelChart[], id: string): readonly Figure[] {
  const chart = charts.find((each) => each.id === id);
  return (chart?.lines ?? []).map((line) => ({ label: `${chart?.title}: ${line.name}`, line }));
}

function PeriodsTable({
  title,
  figures,
  times,
  zone,
}: {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly times: readonly number[];
  readonly zone: 'UTC' | 'local';
}) {
  const periods = periodsWithData(
    figures.map(({ line }) => line),
    times.length,
  );
  const instant = (index: number) => new Date((times[index] ?? 0) * 1000);
  const columns = [
    { label: `Period (${zoneName(instant(0), zone)})` },
    ...figures.map(({ label }) => ({ label, numeric: true })),
  ];
  return (
    <DataTable label={`${title} by start of period`} columns={columns}>
      {periods.map((index) => (
        <tr key={times[index]}>
          <RowHead>{formatInstant(instant(index), 'minute', zone)}</RowHead>
          {figures.map(({ label, line }) => (
            <Cell key={label} numeric>
              {readingOf(line, index)}
            </Cell>
          ))}
        </tr>
      ))}
    </DataTable>
  );
}
