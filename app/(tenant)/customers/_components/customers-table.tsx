import Link from 'next/link';
import { DataTable, HeadCell } from '@/components/data/table';
import { featureRecord } from '@/lib/domain/churn/feature-rows';
import type { Customer, CustomerSort } from '@/lib/domain/crm/ports';
import { defaultDirection } from '@/lib/domain/crm/sorting';
import { type CustomersView, viewHref } from '../view';
import { type CustomerLine, CustomerRows } from './customer-rows';

const features = featureRecord((feature) => feature);

/** One page of customers; the headings of sortable columns are links. */
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
            Days since last order
          </SortHead>
          <HeadCell numeric>Order days</HeadCell>
          <HeadCell numeric>{features.monetaryMean.label}</HeadCell>
          <SortHead sort="spend" view={view} numeric>
            {features.spend90d.label}
          </SortHead>
          <HeadCell numeric>{features.orders90d.label}</HeadCell>
        </>
      }
    >
      <CustomerRows customers={customers.map(lineOf)} />
    </DataTable>
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

/** Always takes the same space, so that no column moves when the order changes. */
function Arrow({ sorted }: { readonly sorted: 'asc' | 'desc' | undefined }) {
  return (
    <span aria-hidden="true" className="mx-1 inline-block w-2">
      {sorted === 'asc' ? '↑' : sorted === 'desc' ? '↓' : ''}
    </span>
  );
}

const lineOf = ({ id, name, features, score }: Customer): CustomerLine => ({
  id,
  name,
  probability: score?.probability ?? null,
  features,
});
