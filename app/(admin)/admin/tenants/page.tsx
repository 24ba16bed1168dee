import { Pager } from '@/components/data/pager';
import { whereIn } from '@/components/data/place';
import { Cell, DataTable, RowHead, Unknown } from '@/components/data/table';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ExportLink } from '@/components/ui/export-link';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import type { ControlContext } from '@/lib/domain/context';
import type { TenantPage } from '@/lib/domain/tenants/ports';
import { listTenants } from '@/lib/domain/tenants/verbs/list-tenants';
import { metadataOf, pageContext } from '@/lib/server/page';
import { pageOrNull } from '@/lib/server/page-or-null';
import { type AddressParams, firstOf, withParams } from '../../../_components/address';
import { Deferred } from '../../../_components/deferred';
import { importTenantsPage } from './import/page-info';
import { newTenantPage } from './new/page-info';
import { tenantsPage } from './page-info';
import { tenantHref, tenantStateWords } from './words';

export const generateMetadata = metadataOf(tenantsPage);

export default async function TenantsPage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(tenantsPage);
  const { cursor } = await searchParams;
  return (
    <>
      <PageHeader
        title={tenantsPage.title}
        actions={
          <>
            <ExportLink href="/admin/tenants/export" />
            <a href={importTenantsPage.path} className={buttonStyle('plain')}>
              Onboard from CSV
            </a>
            <a href={newTenantPage.path} className={buttonStyle('primary')}>
              Onboard tenant
            </a>
          </>
        }
      >
        Every tenant of the SaaS and its AWS account. Tenants’ own data is not shown here.
      </PageHeader>
      <Deferred
        context={context}
        fallback={<TenantsSkeleton />}
        load={() => loadTenants(context, firstOf(cursor))}
      />
    </>
  );
}

async function loadTenants(context: ControlContext, cursor: string | undefined) {
  const page = await pageOrNull(() => listTenants(context, { cursor }));
  if (!page || (page.tenants.length === 0 && page.total > 0)) {
    return (
      <Notice
        tone="failed"
        title="This page of tenants doesn’t exist"
        actions={
          <a href="/admin/tenants" className={buttonStyle('plain')}>
            Start over
          </a>
        }
      >
        The link may be incomplete.
      </Notice>
    );
  }
  if (page.total === 0) {
    return (
      <EmptyState title="No tenants yet">
        <p>Tenants appear here once they are onboarded to the SaaS.</p>
      </EmptyState>
    );
  }
  return (
    <div className="space-y-3">
      <TenantTable page={page} />
      <Pager
        label="Pages of tenants"
        previous={pageLink(page.previous, 'Previous')}
        next={pageLink(page.next, 'Next')}
      >
        {whereIn(page, page.tenants.length, 'tenant')}, as of <Instant at={context.now()} style="second" />
      </Pager>
    </div>
  );
}

const pageLink = (cursor: string | null, label: string) =>
  cursor === null ? null : { href: withParams(tenantsPage.path, new URLSearchParams({ cursor })), label };

function TenantTable({ page }: { readonly page: TenantPage }) {
  return (
    <DataTable
      label="Tenants"
      columns={[{ label: 'Tenant' }, { label: 'State' }, { label: 'AWS account' }, { label: 'Since' }]}
    >
      {page.tenants.map(({ id, name, state, accountId, createdAt }) => (
        <tr key={id}>
          <RowHead>
            <a href={tenantHref(id)} className="row-link block max-w-64 [overflow-wrap:anywhere]">
              {name}
            </a>
            <span className="block font-mono text-xs font-normal text-muted">{id}</span>
          </RowHead>
          <Cell>
            <Status tone={tenantStateWords[state].tone}>{tenantStateWords[state].words}</Status>
          </Cell>
          <Cell>
            {accountId ? <span className="figures">{accountId}</span> : <Unknown why="No account yet" />}
          </Cell>
          <Cell>
            <Instant at={createdAt} style="date" />
          </Cell>
        </tr>
      ))}
    </DataTable>
  );
}

function TenantsSkeleton() {
  return (
    <>
      <LoadingLabel>Loading tenants</LoadingLabel>
      <Skeleton className="h-56 w-full" />
    </>
  );
}
