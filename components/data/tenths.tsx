import { formatCount } from '../format';

/** `0 to 0.1`: the range of probability at `index`. */
export const tenthName = (index: number): string => `${index / 10} to ${(index + 1) / 10}`;

/**
 * Customers by churn probability in steps of 0.1, as a collapsed table below a chart; one column per way to count
 * them.
 */
export function TenthsTable({
  caption,
  columns,
}: {
  readonly caption: string;
  readonly columns: readonly { readonly name: string; readonly counts: readonly number[] }[];
}) {
  return (
    <details className="-mx-4 border-t border-line text-sm sm:-mx-6">
      <summary className="px-4 py-2 text-xs text-muted hover:text-ink sm:px-6">Show as a table</summary>
      <table className="mx-4 mb-4 sm:mx-6">
        <caption className="sr-only">{caption}</caption>
        <thead className="text-xs text-muted">
          <tr>
            <th scope="col" className="text-left font-medium">
              Probability
            </th>
            {columns.map(({ name }) => (
              <th key={name} scope="col" className="pl-8 text-right font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="figures">
          {columns[0]?.counts.map((_, index) => (
            <tr key={tenthName(index)}>
              <th scope="row" className="text-left font-normal">
                {tenthName(index)}
              </th>
              {columns.map(({ name, counts }) => (
                <td key={name} className="pl-8 text-right">
                  {formatCount(counts[index] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** The label below the bar at `index`. */
export function TenthMark({ index }: { readonly index: number }) {
  return <span className="figures block text-[0.6875rem] text-muted">{index === 0 ? '0' : `.${index}`}</span>;
}
