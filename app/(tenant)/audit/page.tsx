import { ExportLink } from '@/components/ui/export-link';
import { PageHeader } from '@/components/ui/page-header';
import { listOwnAudit } from '@/lib/domain/audit/verbs/list-own-audit';
import { metadataOf, pageContext } from '@/lib/server/page';
import type { AddressParams } from '../../_components/address';
import { AuditSkeleton, auditList } from '../../_components/audit/list';
import { auditHref, readAuditView } from '../../_components/audit/view';
import { Deferred } from '../../_components/deferred';
import { auditPage } from './page-info';

export const generateMetadata = metadataOf(auditPage);

export default async function AuditPage({ searchParams }: { readonly searchParams: Promise<AddressParams> }) {
  const context = await pageContext(auditPage);
  const view = readAuditView(await searchParams);
  const { path } = auditPage;
  return (
    <>
      <PageHeader
        title={auditPage.title}
        actions={<ExportLink href={auditHref(`${path}/export`, { ...view, cursor: undefined })} />}
      >
        Who did what in your organisation. Rows are never changed or removed.
      </PageHeader>
      <Deferred
        context={context}
        fallback={<AuditSkeleton />}
        load={() =>
          auditList({
            path,
            view,
            tenants: false,
            now: context.now(),
            read: () => listOwnAudit(context, { filter: view.filter, page: { cursor: view.cursor } }),
          })
        }
      />
    </>
  );
}
