import type { ReactNode } from 'react';
import { classNames } from '../ui/class-names';

/**
 * A table in a frame of its own that scrolls sideways when it must; `label` names it to a screen reader. One that can
 * grow wider than a phone needs a link in its rows, so that the keyboard reaches the frame.
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

/** A column's heading. `numeric` stands right, above its figures; `wide` is left out on a phone. */
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

/** The cell that names its row; it stays in view when the table scrolls sideways. */
export function RowHead({ children }: { readonly children: ReactNode }) {
  return (
    <th scope="row" className="sticky left-0 bg-plate text-left font-medium">
      {children}
    </th>
  );
}

/** Stands for a figure that is not known. */
export function Unknown({ why }: { readonly why: string }) {
  return (
    <span title={why} className="text-faint">
      –<span className="sr-only">{why}</span>
    </span>
  );
}
