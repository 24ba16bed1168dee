import { ExportLink } from '@/components/ui/export-link';
import { PageHeader } from '@/components/ui/page-header';
import { listAudit } from '@/lib/domain/audit/verbs/list-audit';
import { metadataOf, pageContext } from '@/lib/server/page';
import type { AddressParams } from '../../../_components/address';
import { AuditSkeleton, auditList } from '../../../_components/audit/list';
import { auditHref, readAuditView } from '../../../_components/audit/view';
import { Deferred } from '../../../_components/deferred';
import { adminAuditPage } from './page-info';

export const generateMetadata = metadataOf(adminAuditPage);

export default async function AdminAuditPage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(adminAuditPage);
  const view = readAuditView(await searchParams);
  const { path } = adminAuditPage;
  return (
    <>
      <PageHeader
        title={adminAuditPage.title}
        actions={<ExportLink href={auditHref(`${path}/export`, { ...view, cursor: undefined })} />}
      >
        Who did what, in every tenant and across them. Tenants’ own data is not shown here.
      </PageHeader>
      <Deferred
        context={context}
        fallback={<AuditSkeleton />}
        load={() =>
          auditList({
            path,
            view,
            tenants: true,
            now: context.now(),
            read: () =>
              listAudit(context, {
                filter: view.filter,
                tenantId: view.tenantId,
                page: { cursor: view.cursor },
              }),
          })
        }
      />
    </>
  );
}
