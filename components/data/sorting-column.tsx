import Link from 'next/link';
import type { Column } from './table';

type Direction = 'asc' | 'desc';

/** A column whose heading sorts the list by it, first as it is `usually` sorted, or turns the order round. */
export function sortingColumn({
  label,
  sorted,
  usually,
  hrefOf,
  numeric = false,
}: {
  readonly label: string;
  /** How the list is sorted by it; undefined: by another one. */
  readonly sorted: Direction | undefined;
  readonly usually: Direction;
  readonly hrefOf: (direction: Direction) => string;
  readonly numeric?: boolean;
}): Column {
  const direction = sorted ? (sorted === 'asc' ? 'desc' : 'asc') : usually;
  const head = (
    <Link
      href={hrefOf(direction)}
      prefetch={false}
      scroll={false}
      className={sorted ? 'font-semibold text-ink' : 'hover:text-ink hover:underline'}
    >
      {numeric ? <Arrow sorted={sorted} /> : null}
      {label}
      {numeric ? null : <Arrow sorted={sorted} />}
    </Link>
  );
  return { label, numeric, sorted, head };
}

/** Always takes the same space, so that no column moves when the order changes. */
function Arrow({ sorted }: { readonly sorted: Direction | undefined }) {
  return (
    <span aria-hidden="true" className="mx-1 inline-block w-2">
      {sorted === 'asc' ? '↑' : sorted === 'desc' ? '↓' : ''}
    </span>
  );
}
