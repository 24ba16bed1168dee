import type { ReactNode } from 'react';
import { classNames } from '../ui/class-names';

/**
 * A table in a frame that scrolls horizontally when needed; `label` names it for screen readers. A table that can be
 * wider than a phone needs a link in its rows, so that the keyboard can reach the frame.
 */
export function DataTable({
  label,
  head,
  children,
}: {
  readonly label: string;
  readonly head: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="relative overflow-x-auto border border-line bg-plate">
      <table className="data-table">
        <caption className="sr-only">{label}</caption>
        <thead className="border-b border-edge bg-sunk text-left text-xs text-muted">
          <tr>{head}</tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </div>
  );
}

/** A column heading. `numeric` is right-aligned like its figures; `wide` is hidden on phones. */
export function HeadCell({
  children,
  numeric = false,
  sticky = false,
  wide = false,
  sorted,
}: {
  readonly children: ReactNode;
  readonly numeric?: boolean;
  readonly sticky?: boolean;
  readonly wide?: boolean;
  readonly sorted?: 'asc' | 'desc' | undefined;
}) {
  return (
    <th
      scope="col"
      aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined}
      className={classNames(
        'font-medium whitespace-nowrap',
        numeric && 'text-right',
        sticky && 'sticky left-0 bg-sunk',
        wide && 'hidden sm:table-cell',
      )}
    >
      {children}
    </th>
  );
}

export function Cell({
  children,
  numeric = false,
  wide = false,
}: {
  readonly children: ReactNode;
  readonly numeric?: boolean;
  readonly wide?: boolean;
}) {
  return (
    <td className={classNames(numeric && 'num', wide && 'hidden sm:table-cell') || undefined}>{children}</td>
  );
}

/** The cell that names its row; it stays visible when the table scrolls horizontally. */
export function RowHead({ children }: { readonly children: ReactNode }) {
  return (
    <th scope="row" className="sticky left-0 bg-plate text-left font-medium">
      {children}
    </th>
  );
}

/** Placeholder for an unknown figure. */
export function Unknown({ why }: { readonly why: string }) {
  return (
    <span title={why} className="text-faint">
      –<span className="sr-only">{why}</span>
    </span>
  );
}
