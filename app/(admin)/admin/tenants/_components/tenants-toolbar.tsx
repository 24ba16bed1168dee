'use client';

import Form from 'next/form';
import Link from 'next/link';
import { Button, buttonStyle } from '@/components/ui/button';
import { FilterField } from '@/components/ui/filter-field';
import { KeptFocus } from '@/components/ui/kept-focus';
import { OrderSelect } from '@/components/ui/order-select';
import { SubmittingSelect } from '@/components/ui/submitting-select';
import type { Plan } from '@/lib/domain/plans/ports';
import { tenantHealths } from '@/lib/domain/tenants/ports';
import { tenantStates } from '@/lib/domain/tenants/tenant';
import { healthWords, orderOf, orders, type TenantsView } from '../view';
import { tenantStateWords } from '../words';

/** Searches, filters and sorts the list: a GET form, which works without JavaScript. */
export function TenantsToolbar({
  view,
  plans,
}: {
  readonly view: TenantsView;
  readonly plans: readonly Pick<Plan, 'id' | 'name'>[];
}) {
  return (
    <KeptFocus as="search" label="Tenants">
      <Form
        action="/admin/tenants"
        prefetch={false}
        scroll={false}
        className="flex flex-wrap items-end gap-3"
      >
        <FilterField label="Search" name="q" value={view.search ?? ''} placeholder="Name or id" />
        <label htmlFor="state" className="grow basis-36 text-xs text-muted sm:grow-0">
          State
          <SubmittingSelect name="state" value={view.state ?? ''}>
            <option value="">All</option>
            {tenantStates.map((state) => (
              <option key={state} value={state}>
                {tenantStateWords[state].words}
              </option>
            ))}
          </SubmittingSelect>
        </label>
        <label htmlFor="plan" className="grow basis-36 text-xs text-muted sm:grow-0">
          Plan
          <SubmittingSelect name="plan" value={view.plan ?? ''}>
            <option value="">All</option>
            {plans.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SubmittingSelect>
        </label>
        <label htmlFor="health" className="grow basis-36 text-xs text-muted sm:grow-0">
          Health
          <SubmittingSelect name="health" value={view.health ?? ''}>
            <option value="">All</option>
            {tenantHealths.map((health) => (
              <option key={health} value={health}>
                {healthWords[health]}
              </option>
            ))}
          </SubmittingSelect>
        </label>
        <OrderSelect orders={orders} value={orderOf(view)} />
        <Button type="submit">Apply</Button>
        {view.search || view.state || view.plan || view.health ? (
          <Link href="/admin/tenants" prefetch={false} scroll={false} className={buttonStyle('quiet')}>
            Clear
          </Link>
        ) : null}
      </Form>
    </KeptFocus>
  );
}
