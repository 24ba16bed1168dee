'use client';

import Link from 'next/link';
import { type Column, DataTable } from '@/components/data/table';
import { featureRecord } from '@/lib/domain/churn/feature-rows';
import type { CustomerSort } from '@/lib/domain/crm/ports';
import { defaultDirection } from '@/lib/domain/crm/sorting';
import { type CustomersView, viewHref } from '../view';
import { type CustomerLine, CustomerRows } from './customer-rows';

const features = featureRecord((feature) => feature);

/** One page of customers; the headings are links that sort the list. */
export function CustomersTable({
  customers,
  view,
}: {
  readonly customers: readonly CustomerLine[];
  readonly view: CustomersView;
}) {
  return (
    <DataTable
      label="Customers"
      columns={[
        sortColumn(view, 'id', 'Customer'),
        sortColumn(view, 'risk', 'Churn risk'),
        sortColumn(view, 'recency', 'Days since last order', true),
        sortColumn(view, 'days', features.frequency.label, true),
        sortColumn(view, 'value', features.monetaryMean.label, true),
        sortColumn(view, 'spend', features.spend90d.label, true),
        sortColumn(view, 'orders', features.orders90d.label, true),
      ]}
    >
      <CustomerRows customers={customers} />
    </DataTable>
  );
}

/** A column whose heading sorts the list by it, or turns the order round. */
function sortColumn(view: CustomersView, sort: CustomerSort, label: string, numeric = false): Column {
  const sorted = view.sort === sort ? view.direction : undefined;
  const direction = sorted ? (sorted === 'asc' ? 'desc' : 'asc') : defaultDirection[sort];
  const head = (
    <Link
      href={viewHref({ ...view, sort, direction, cursor: undefined })}
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
function Arrow({ sorted }: { readonly sorted: 'asc' | 'desc' | undefined }) {
  return (
    <span aria-hidden="true" className="mx-1 inline-block w-2">
      {sorted === 'asc' ? '↑' : sorted === 'desc' ? '↓' : ''}
    </span>
  );
}
