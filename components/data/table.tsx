import type { CSSProperties, ReactNode } from 'react';
import { classNames } from '../ui/class-names';
import { RowLinks } from './row-links';

export interface Column {
  /** Heads the column, and each of its figures on phones, where rows are cards. */
  readonly label: string;
  /** Right-aligned, like its figures. */
  readonly numeric?: boolean;
  readonly sorted?: 'asc' | 'desc' | undefined;
  /** Shown in the header instead of the label, such as a link around it. */
  readonly head?: ReactNode;
}

/** Tables with up to `few` columns fit beside a phone's width, with up to `mostThatFit` a page's, with more perhaps none. */
const few = 4;
const mostThatFit = 9;

/**
 * A table whose header stays while the page scrolls; `label` names it for screen readers. Where its columns do not fit,
 * its frame scrolls horizontally; on phones each row is a card. A link with the class `row-link` in a `RowHead` is
 * followed from the whole row. A table that can be wider than its frame needs a link in its rows, so that the keyboard can reach
 * the frame.
 */
export function DataTable({
  label,
  columns,
  children,
}: {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly children: ReactNode;
}) {
  const { length } = columns;
  return (
    <div className="table-box">
      <div
        className={classNames(
          'relative table-frame',
          length <= few ? 'table-fits-sm' : length <= mostThatFit && 'table-fits-lg',
        )}
      >
        <table className="data-table" style={columnLabels(columns)}>
          <caption className="sr-only">{label}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeadCell key={column.label} column={column} />
              ))}
            </tr>
          </thead>
          <RowLinks>{children}</RowLinks>
        </table>
      </div>
    </div>
  );
}

function HeadCell({ column: { label, numeric, sorted, head } }: { readonly column: Column }) {
  return (
    <th
      scope="col"
      aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined}
      className={numeric ? 'num' : undefined}
    >
      {head ?? label}
    </th>
  );
}

/** The labels as CSS strings, which the cards show: once per table instead of once per cell. */
function columnLabels(columns: readonly Column[]): CSSProperties {
  return Object.fromEntries(
    columns.map(({ label }, index) => [`--column-${index + 1}`, JSON.stringify(label)]),
  );
}

export function Cell({
  children,
  numeric = false,
  long = false,
}: {
  readonly children: ReactNode;
  readonly numeric?: boolean;
  /** May hold a long word, which breaks instead of widening the table. */
  readonly long?: boolean;
}) {
  return (
    <td className={classNames(numeric && 'num', long && 'min-w-36 [overflow-wrap:anywhere]') || undefined}>
      {children}
    </td>
  );
}

/**
 * The cell that names its row; it stays visible when the table scrolls horizontally. If it is `labelled`, a card on phones says the
 * label of the first column before it.
 */
export function RowHead({
  children,
  labelled = false,
}: {
  readonly children: ReactNode;
  readonly labelled?: boolean;
}) {
  return (
    <th scope="row" className={labelled ? 'labelled' : undefined}>
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
