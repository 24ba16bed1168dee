import { Cell, type Column, DataTable, RowHead } from '@/components/data/table';
import { formatCount, formatShare } from '@/components/format';
import type { Figures } from '@/lib/domain/monitoring/figures';
import { totalOf, type Values } from '@/lib/domain/monitoring/traffic';
import { type CallerRow, notApart, tableOf } from '../callers';

const columns: readonly Column[] = [
  { label: 'Caller' },
  ...['Calls', '4XX', '5XX', 'No answer', 'Success'].map((label) => ({ label, numeric: true })),
];

/** Who called the endpoint, and with what success. */
export function CallersTable({ figures, span }: { readonly figures: Figures; readonly span: string }) {
  return (
    <section aria-label="Callers" className="space-y-2">
      <h2 className="text-sm">
        Who called <span className="font-normal text-muted">{span}</span>
      </h2>
      <DataTable label="Callers" columns={columns}>
        {tableOf(figures).map((row, index) => (
          <tr key={row.caller} className={index === 0 ? 'font-semibold' : undefined}>
            <RowHead>{row.name}</RowHead>
            {cellsOf(row).map((cell, at) => (
              <Cell key={columns[at + 1]?.label} numeric>
                {cell}
              </Cell>
            ))}
          </tr>
        ))}
      </DataTable>
      <p className="max-w-3xl text-xs text-muted">
        {notApart(figures) ??
          'Your applications: what SageMaker counted, without the calls that Annex recorded as its own. Counts of the newest minutes may still change.'}{' '}
        Scoring, health checks and tests are Annex’s own calls; tests send malformed rows on purpose, which
        the endpoint has to refuse.
      </p>
    </section>
  );
}

function cellsOf({ caller, traffic }: CallerRow): readonly string[] {
  const { calls, errors, success, client, server, unanswered } = traffic;
  const own = caller !== 'apps' && caller !== 'all';
  // Annex recorded nothing: it did not call.
  if (own && calls.total === null && calls.problem === null) return ['0', '–', '–', '–', '–'];
  const part = (values: Values) =>
    count(errors.total === null ? (errors.problem ? null : totalOf(values)) : (totalOf(values) ?? 0));
  return [
    count(calls.total),
    part(client),
    part(server),
    own ? part(unanswered) : '–',
    caller === 'test' || success.total === null ? '–' : formatShare(success.total),
  ];
}

const count = (value: number | null): string => (value === null ? '–' : formatCount(value));
