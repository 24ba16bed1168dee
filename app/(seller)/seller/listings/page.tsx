import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import { metadataOf, pageContext } from '@/lib/server/page';
import { listingsPage } from './page-info';

export const generateMetadata = metadataOf(listingsPage);

export default async function ListingsPage() {
  const { actor } = await pageContext(listingsPage);
  return (
    <>
      <PageHeader title={listingsPage.title}>Models that {actor.name} sells on AWS Marketplace.</PageHeader>
      <EmptyState title="You have no listings">
        <p>
          A listing is a model that you sell on AWS Marketplace. Tenants subscribe to it and call it through
          Annex. No listing is connected to your account, and Annex can’t connect one yet.
        </p>
      </EmptyState>
    </>
  );
}
