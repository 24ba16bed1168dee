import { Cell, DataTable, RowHead, Unknown } from '@/components/data/table';
import { formatDay, formatDuration, formatUsd } from '@/components/format';
import type { SpendDay } from '@/lib/domain/budget/ports';
import { type Month, monthInWords, startOfMonth } from '@/lib/domain/month';
import { addDays, utcDay } from '@/lib/domain/time';

const barWidth = 20;
const height = 100;

/** What was measured of each day of the month: a chart, and the same as a table. */
export function MeasuredDays({ days, month }: { readonly days: readonly SpendDay[]; readonly month: Month }) {
  const unseen = days.reduce((sum, { unseenSeconds }) => sum + unseenSeconds, 0);
  return (
    <section className="space-y-3">
      <h2 className="text-lg">Measured by day</h2>
      {days.length === 0 ? (
        <p className="text-sm text-muted">Nothing was measured in {monthInWords(month)} yet.</p>
      ) : (
        <>
          <Bars days={days} month={month} />
          {unseen > 0 ? (
            <p className="max-w-prose text-sm text-muted">
              For {formatDuration(unseen * 1000)} of this month Annex did not look. What ran and ended in that
              time is not counted.
            </p>
          ) : null}
          <details className="text-sm">
            <summary className="py-1 text-xs text-muted hover:text-ink">Show as a table</summary>
            <DataTable
              label={`Measured in ${monthInWords(month)} by day`}
              columns={[
                { label: 'Day in UTC' },
                { label: 'USD', numeric: true },
                { label: 'Not looked', numeric: true },
              ]}
            >
              {days.map(({ day, usd, unseenSeconds }) => (
                <tr key={day}>
                  <RowHead labelled>{formatDay(new Date(day))}</RowHead>
                  <Cell numeric>{formatUsd(usd)}</Cell>
                  <Cell numeric>
                    {unseenSeconds > 0 ? (
                      formatDuration(unseenSeconds * 1000)
                    ) : (
                      <Unknown why="Looked all day" />
                    )}
                  </Cell>
                </tr>
              ))}
            </DataTable>
          </details>
        </>
      )}
    </section>
  );
}

function Bars({ days, month }: { readonly days: readonly SpendDay[]; readonly month: Month }) {
  const all = daysOf(month);
  const most = Math.max(...days.map(({ usd }) => usd), 0);
  const usdOf = new Map(days.map(({ day, usd }) => [day, usd]));
  return (
    <figure className="border border-line bg-plate px-4 py-3">
      <svg
        viewBox={`0 0 ${all.length * barWidth} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`USD measured in ${monthInWords(month)} by day, ${formatUsd(most)} at most`}
        className="block h-24 w-full sm:h-32"
      >
        {all.map((day, index) => {
          const usd = usdOf.get(day) ?? 0;
          const tall = most > 0 && usd > 0 ? Math.max((usd / most) * (height - 6), 1.5) : 0;
          return (
            <rect
              key={day}
              x={index * barWidth + 3}
              y={height - 1 - tall}
              width={barWidth - 6}
              height={tall}
              className="fill-data"
            />
          );
        })}
        <path
          d={`M0 ${height - 0.5}H${all.length * barWidth}`}
          className="fill-none stroke-edge"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <figcaption className="figures mt-1 flex justify-between text-[0.6875rem] text-muted">
        <span>{formatDay(startOfMonth(month))}</span>
        <span>At most {formatUsd(most)} a day</span>
        <span>{formatDay(new Date(all.at(-1) ?? month))}</span>
      </figcaption>
    </figure>
  );
}

/** Every day of the month. */
function daysOf(month: Month): readonly string[] {
  const start = startOfMonth(month);
  return Array.from({ length: 31 }, (_, at) => utcDay(addDays(start, at))).filter((day) =>
    day.startsWith(month.slice(0, 7)),
  );
}
