import { PageHeader } from '@/components/ui/page-header';
import { metadataOf, pageContext } from '@/lib/server/page';
import { ImportForm } from './_components/import-form';
import { importTenantsPage } from './page-info';

export const generateMetadata = metadataOf(importTenantsPage);

export default async function ImportTenantsPage() {
  await pageContext(importTenantsPage);
  return (
    <>
      <PageHeader title={importTenantsPage.title} parent={importTenantsPage.parent}>
        Up to 500 tenants at once. The file is checked first; a line that is refused stops none of the others.
      </PageHeader>
      <p className="max-w-prose text-sm text-muted">
        The first line names the columns: <code>tenant_id</code>, <code>name</code>, <code>owner_email</code>,
        and, if you like, <code>workbench</code> with the name of a variant and <code>plan</code> with the
        name or id of a plan: without it, tenants get the standard one. Whether an address is in use shows
        when its owner is invited.
      </p>
      <ImportForm />
    </>
  );
}
