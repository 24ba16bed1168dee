'use client';

import Form from 'next/form';
import Link from 'next/link';
import { formatCount } from '@/components/format';
import { Button, buttonStyle } from '@/components/ui/button';
import { FilterField } from '@/components/ui/filter-field';
import { KeptFocus } from '@/components/ui/kept-focus';
import { OrderSelect } from '@/components/ui/order-select';
import { SubmittingSelect } from '@/components/ui/submitting-select';
import type { CustomerOverview } from '@/lib/domain/crm/ports';
import { bandNames, riskBands } from '@/lib/domain/crm/risk-bands';
import { type CustomersView, orderOf, orders } from '../view';

/** Searches, filters and sorts the list: a GET form, which works without JavaScript. */
export function Toolbar({
  overview,
  view,
}: {
  readonly overview: CustomerOverview;
  readonly view: CustomersView;
}) {
  return (
    <KeptFocus as="search" label="Customers">
      <Form action="/customers" prefetch={false} scroll={false} className="flex flex-wrap items-end gap-3">
        <FilterField label="Search" name="q" value={view.search ?? ''} placeholder="Id, name or e-mail" />
        <label htmlFor="band" className="grow basis-36 text-xs text-muted sm:grow-0">
          Risk band
          <SubmittingSelect name="band" value={view.band ?? ''}>
            <option value="">All</option>
            {riskBands.map((band) => (
              <option key={band} value={band}>
                {bandNames[band]} ({formatCount(overview.bands[band])})
              </option>
            ))}
          </SubmittingSelect>
        </label>
        <OrderSelect orders={orders} value={orderOf(view)} />
        <Button type="submit">Apply</Button>
        {view.search || view.band ? (
          <Link href="/customers" prefetch={false} scroll={false} className={buttonStyle('quiet')}>
            Clear
          </Link>
        ) : null}
      </Form>
    </KeptFocus>
  );
}
