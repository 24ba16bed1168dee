import type { ReactNode } from 'react';
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

/** The place of a tenth's bars in a chart, and the line that they stand on. */
export function TenthBars({ children }: { readonly children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 20 100"
      preserveAspectRatio="none"
      aria-hidden="true"
      className="block h-24 w-full sm:h-32"
    >
      {children}
      <path d="M0 99.5H20M0.1 92V100" className="fill-none stroke-edge" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

/** A bar of `TenthBars`, which are 20 wide. `share` of the longest bar, in [0, 1]; even a single customer is visible. */
export function TenthBar({
  share,
  x,
  width,
  className,
}: {
  readonly share: number;
  readonly x: number;
  readonly width: number;
  readonly className: string;
}) {
  if (share === 0) return null;
  const height = Math.max(share * 96, 1);
  return (
    <rect
      x={x}
      width={width}
      y={98 - height}
      height={height + 1}
      className={className}
      vectorEffect="non-scaling-stroke"
    />
  );
}
