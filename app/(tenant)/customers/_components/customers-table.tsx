import Link from 'next/link';
import { RiskReading } from '@/components/data/risk';
import { Cell, DataTable, HeadCell, RowHead, Unknown } from '@/components/data/table';
import { formatAmount, formatCount, formatDecimal } from '@/components/format';
import type { Customer, CustomerSort } from '@/lib/domain/crm/ports';
import { defaultDirection } from '@/lib/domain/crm/schemas';
import { type CustomersView, viewHref } from '../view';

const notComputed = 'Not computed yet';

/** One page of customers; headings that order the list are links. */
export function CustomersTable({
  customers,
  view,
}: {
  readonly customers: readonly Customer[];
  readonly view: CustomersView;
}) {
  return (
    <DataTable
      label="Customers"
      head={
        <>
          <SortHead sort="id" view={view} sticky>
            Customer
          </SortHead>
          <SortHead sort="risk" view={view}>
            Churn risk
          </SortHead>
          <SortHead sort="recency" view={view} numeric>
            Last order, days ago
          </SortHead>
          <HeadCell numeric>Order days</HeadCell>
          <HeadCell numeric>Mean order value</HeadCell>
          <SortHead sort="spend" view={view} numeric>
            Spend, 90 days
          </SortHead>
          <HeadCell numeric>Orders, 90 days</HeadCell>
        </>
      }
    >
      {customers.map((customer) => (
        <CustomerRow key={customer.id} customer={customer} />
      ))}
    </DataTable>
  );
}

function CustomerRow({ customer: { id, name, features, score } }: { readonly customer: Customer }) {
  const figure = (value: number | undefined, format: (value: number) => string) =>
    value === undefined ? <Unknown why={notComputed} /> : format(value);
  return (
    <tr className="hover:bg-sunk">
      <RowHead>
        <Link
          href={`/customers/${encodeURIComponent(id)}`}
          prefetch={false}
          className="figures block max-w-56 truncate text-ink underline decoration-edge underline-offset-4 hover:decoration-2"
        >
          {id}
        </Link>
        {name ? <span className="block max-w-56 truncate text-xs font-normal text-muted">{name}</span> : null}
      </RowHead>
      <Cell>
        {score ? <RiskReading probability={score.probability} /> : <Unknown why="Not scored yet" />}
      </Cell>
      <Cell numeric>{figure(features?.recencyDays, formatDecimal)}</Cell>
      <Cell numeric>{figure(features?.frequency, formatCount)}</Cell>
      <Cell numeric>{figure(features?.monetaryMean, formatAmount)}</Cell>
      <Cell numeric>{figure(features?.spend90d, formatAmount)}</Cell>
      <Cell numeric>{figure(features?.orders90d, formatCount)}</Cell>
    </tr>
  );
}

function SortHead({
  sort,
  view,
  children,
  numeric = false,
  sticky = false,
}: {
  readonly sort: CustomerSort;
  readonly view: CustomersView;
  readonly children: string;
  readonly numeric?: boolean;
  readonly sticky?: boolean;
}) {
  const sorted = view.sort === sort ? view.direction : undefined;
  const direction = sorted ? (sorted === 'asc' ? 'desc' : 'asc') : defaultDirection[sort];
  return (
    <HeadCell numeric={numeric} sticky={sticky} sorted={sorted}>
      <Link
        href={viewHref({ ...view, sort, direction, cursor: undefined })}
        prefetch={false}
        scroll={false}
        className={sorted ? 'font-semibold text-ink' : 'hover:text-ink hover:underline'}
      >
        {numeric ? <Arrow sorted={sorted} /> : null}
        {children}
        {numeric ? null : <Arrow sorted={sorted} />}
      </Link>
    </HeadCell>
  );
}

/** Keeps its room, so that no column moves when the order changes. */
function Arrow({ sorted }: { readonly sorted: 'asc' | 'desc' | undefined }) {
  return (
    <span aria-hidden="true" className="mx-1 inline-block w-2">
      {sorted === 'asc' ? '↑' : sorted === 'desc' ? '↓' : ''}
    </span>
  );
}
