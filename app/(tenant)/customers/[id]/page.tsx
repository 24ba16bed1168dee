import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { PageHeader } from '@/components/ui/page-header';
import type { Customer } from '@/lib/domain/crm/ports';
import { crmOverview } from '@/lib/domain/crm/verbs/crm-overview';
import { getCustomer } from '@/lib/domain/crm/verbs/get-customer';
import { isAnnexError } from '@/lib/errors';
import { pageContext } from '@/lib/server/page';
import { Deferred } from '../../../_components/deferred';
import { Features } from './_components/features';
import { loadOrders, OrdersSkeleton } from './_components/orders';
import { ScorePanel } from './_components/score-panel';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<{ readonly before?: string | readonly string[] }>;
}

/** The customer named by the URL. An unknown id and another tenant's id are both not found. */
const customerOf = cache(async (id: string): Promise<Customer> => {
  try {
    return await getCustomer(await pageContext('customers.view'), { customerId: decoded(id) });
  } catch (error) {
    if (isAnnexError(error, 'not_found', 'invalid')) notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Customer ${decoded((await params).id)}` };
}

export default async function CustomerPage({ params, searchParams }: Props) {
  const [{ id }, { before }] = await Promise.all([params, searchParams]);
  const context = await pageContext('customers.view');
  const [customer, { asOf, source }] = await Promise.all([customerOf(id), crmOverview(context, undefined)]);
  return (
    <>
      <PageHeader
        title={customer.name ?? `Customer ${customer.id}`}
        above={
          <nav aria-label="Breadcrumb" className="mb-1 text-sm">
            <Link href="/customers" className="link">
              Customers
            </Link>
          </nav>
        }
      >
        {customer.name ? <span className="figures mr-4">{customer.id}</span> : null}
        {customer.email}
      </PageHeader>
      <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
        <ScorePanel score={customer.score} asOf={asOf} source={source} />
        <Features features={customer.features} />
      </div>
      <Deferred
        context={context}
        fallback={<OrdersSkeleton />}
        load={() => loadOrders(context, customer.id, typeof before === 'string' ? before : undefined)}
      />
    </>
  );
}

/** A typed URL may contain an invalid percent escape. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
