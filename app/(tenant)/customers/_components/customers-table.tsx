'use client';

import { sortingColumn } from '@/components/data/sorting-column';
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
  return sortingColumn({
    label,
    numeric,
    sorted,
    usually: defaultDirection[sort],
    hrefOf: (direction) => viewHref({ ...view, sort, direction, cursor: undefined }),
  });
}
