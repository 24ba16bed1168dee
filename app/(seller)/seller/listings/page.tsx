import type { Metadata } from 'next';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import { pageContext } from '@/lib/server/page';

export const metadata: Metadata = { title: 'Listings' };

export default async function ListingsPage() {
  const { actor } = await pageContext('listings.view', 'control');
  return (
    <>
      <PageHeader title="Listings">Models that {actor.name} offers on AWS Marketplace.</PageHeader>
      <EmptyState title="You have no listings">
        <p>
          A listing is a model of yours that tenants subscribe to on AWS Marketplace and call through Annex.
          None is connected to your account, and Annex cannot connect one yet.
        </p>
      </EmptyState>
    </>
  );
}
