import { PageHeader } from '@/components/ui/page-header';
import { metadataOf, pageContext } from '@/lib/server/page';
import { CreateListingForm } from '../_components/listing-forms';
import { newListingPage } from './page-info';

export const generateMetadata = metadataOf(newListingPage);

export default async function NewListingPage() {
  await pageContext(newListingPage);
  return (
    <>
      <PageHeader title={newListingPage.title} parent={newListingPage.parent}>
        A draft, which no tenant sees until you publish it with a version of the model.
      </PageHeader>
      <CreateListingForm />
    </>
  );
}
