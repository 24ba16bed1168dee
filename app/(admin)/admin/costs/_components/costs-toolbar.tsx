'use client';

import Form from 'next/form';
import Link from 'next/link';
import { Button, buttonStyle } from '@/components/ui/button';
import { FilterField } from '@/components/ui/filter-field';
import { KeptFocus } from '@/components/ui/kept-focus';
import { OrderSelect } from '@/components/ui/order-select';
import { type CostsView, orderOf, orders } from '../view';

/** Searches and sorts the list: a GET form, which works without JavaScript. */
export function CostsToolbar({ view }: { readonly view: CostsView }) {
  return (
    <KeptFocus as="search" label="Costs">
      <Form action="/admin/costs" prefetch={false} scroll={false} className="flex flex-wrap items-end gap-3">
        <FilterField label="Search" name="q" value={view.search ?? ''} placeholder="Name or id" />
        <OrderSelect orders={orders} value={orderOf(view)} />
        <Button type="submit">Apply</Button>
        {view.search ? (
          <Link href="/admin/costs" prefetch={false} scroll={false} className={buttonStyle('quiet')}>
            Clear
          </Link>
        ) : null}
      </Form>
    </KeptFocus>
  );
}
