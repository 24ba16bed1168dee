import { memo } from 'react';
import { LocalTime } from '@/components/ui/local-time';
import { type PanelChart, periodsWithData, readingOf } from '../panels';

/** The values of a chart per period, newest first, without empty periods. Works without JavaScript. */
export const PeriodsTable = memo(function PeriodsTable({
  chart: { title, lines },
  times,
}: {
  readonly chart: PanelChart;
  readonly times: readonly number[];
}) {
  return (
    <details className="-mx-5 mt-3 border-t border-line text-sm">
      <summary className="px-5 py-2 text-xs text-muted hover:text-ink">
        Show as a table<span className="sr-only">: {title}</span>
      </summary>
      <table className="mx-5 mb-4">
        <caption className="pb-1 text-left text-xs text-muted">
          {title} by start of period. Periods without data points are left out.
        </caption>
        <thead className="text-left text-xs text-muted">
          <tr>
            <th scope="col" className="pr-4 font-medium">
              Period
            </th>
            {lines.map(({ id, name }) => (
              <th key={id} scope="col" className="pl-3 text-right font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="figures">
          {periodsWithData(lines, times.length).map((index) => (
            <tr key={times[index]}>
              <th scope="row" className="pr-4 text-left text-xs font-normal">
                <LocalTime at={new Date((times[index] ?? 0) * 1000).toISOString()} />
              </th>
              {lines.map((line) => (
                <td key={line.id} className="pl-3 text-right whitespace-nowrap">
                  {readingOf(line, index)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
});
