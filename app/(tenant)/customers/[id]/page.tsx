import { cache } from 'react';
import { Copyable } from '@/components/ui/copy';
import { PageHeader } from '@/components/ui/page-header';
import { crmOverview } from '@/lib/domain/crm/verbs/crm-overview';
import { getCustomer } from '@/lib/domain/crm/verbs/get-customer';
import { metadataOf, orNotFound, pageContext } from '@/lib/server/page';
import { type AddressParams, firstOf } from '../../../_components/address';
import { Deferred } from '../../../_components/deferred';
import { idOfPath } from '../customer-path';
import { Features } from './_components/features';
import { loadOrders, OrdersSkeleton } from './_components/orders';
import { ScorePanel } from './_components/score-panel';
import { customerPage } from './page-info';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<AddressParams>;
}

/** The customer named by the URL. An unknown id and another tenant's id are both not found. */
const customerOf = cache((id: string) =>
  orNotFound(async () => getCustomer(await pageContext(customerPage), { customerId: idOfPath(id) })),
);

export const generateMetadata = metadataOf(customerPage, async ({ params }: Props) => {
  const { id } = await params;
  await customerOf(id);
  return titleOf(idOfPath(id));
});

export default async function CustomerPage({ params, searchParams }: Props) {
  const [{ id }, { cursor }] = await Promise.all([params, searchParams]);
  const context = await pageContext(customerPage);
  const [customer, { asOf, source, scoring }] = await Promise.all([
    customerOf(id),
    crmOverview(context, undefined),
  ]);
  return (
    <>
      <PageHeader title={customer.name ?? titleOf(customer.id)} parent={customerPage.parent}>
        <span className="mr-4">
          <Copyable what="customer id">{customer.id}</Copyable>
        </span>
        {customer.email}
      </PageHeader>
      <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
        <ScorePanel customer={customer} asOf={asOf} source={source} scoring={scoring} />
        <Features features={customer.features} />
      </div>
      <Deferred
        context={context}
        fallback={<OrdersSkeleton />}
        load={() => loadOrders(context, customer, asOf, firstOf(cursor))}
      />
    </>
  );
}

/** `Customer C-1` */
const titleOf = (id: string): string => `${customerPage.title} ${id}`;
