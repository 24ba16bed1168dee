import { Pager } from '@/components/data/pager';
import { whereIn } from '@/components/data/place';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ExportLink } from '@/components/ui/export-link';
import { Instant } from '@/components/ui/instant';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { ControlContext } from '@/lib/domain/context';
import { listPlanChoices } from '@/lib/domain/plans/verbs/list-plan-choices';
import type { TenantPage } from '@/lib/domain/tenants/ports';
import { listTenants } from '@/lib/domain/tenants/verbs/list-tenants';
import { metadataOf, pageContext } from '@/lib/server/page';
import { pageOrNull } from '@/lib/server/page-or-null';
import type { AddressParams } from '../../../_components/address';
import { BadAddress } from '../../../_components/bad-address';
import { Deferred } from '../../../_components/deferred';
import { TenantsTable } from './_components/tenants-table';
import { TenantsToolbar } from './_components/tenants-toolbar';
import { importTenantsPage } from './import/page-info';
import { newTenantPage } from './new/page-info';
import { tenantsPage } from './page-info';
import { readView, type TenantsView, viewHref } from './view';
import { tenantStateWords } from './words';

export const generateMetadata = metadataOf(tenantsPage);

export default async function TenantsPage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(tenantsPage);
  const view = readView(await searchParams);
  return (
    <>
      <PageHeader
        title={tenantsPage.title}
        actions={
          <>
            <ExportLink href={viewHref({ ...view, cursor: undefined }, `${tenantsPage.path}/export`)} />
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
      <Deferred context={context} fallback={<TenantsSkeleton />} load={() => loadTenants(context, view)} />
    </>
  );
}

async function loadTenants(context: ControlContext, view: TenantsView) {
  const [page, plans] = await Promise.all([
    pageOrNull(() => listTenants(context, view)),
    listPlanChoices(context, undefined),
  ]);
  const selects =
    view.search !== undefined ||
    view.state !== undefined ||
    view.plan !== undefined ||
    view.health !== undefined;
  if (page?.total === 0 && !selects) {
    return (
      <EmptyState title="No tenants yet">
        <p>Tenants appear here once they are onboarded to the SaaS.</p>
      </EmptyState>
    );
  }
  return (
    <div className="space-y-6">
      <TenantsToolbar view={view} plans={plans} />
      {page && (page.tenants.length > 0 || page.total === 0) ? (
        <List page={page} view={view} now={context.now()} />
      ) : (
        <BadAddress title="This page of tenants doesn’t exist" href={tenantsPage.path} />
      )}
    </div>
  );
}

function List({
  page,
  view,
  now,
}: {
  readonly page: TenantPage;
  readonly view: TenantsView;
  readonly now: Date;
}) {
  if (page.tenants.length === 0) {
    return (
      <EmptyState title="No tenants match">
        <p>
          No {view.state ? `${tenantStateWords[view.state].words.toLowerCase()} ` : ''}tenant
          {view.plan ? ' with this plan' : ''}
          {view.health ? ' in this health' : ''}
          {view.search ? ` has a name or id that starts with “${view.search}”` : ' is there'}.
        </p>
        <a href={tenantsPage.path} className={buttonStyle('plain')}>
          Show all tenants
        </a>
      </EmptyState>
    );
  }
  const to = (cursor: string | null, label: string) =>
    cursor === null ? null : { href: viewHref({ ...view, cursor }), label };
  return (
    <div className="space-y-3">
      <TenantsTable tenants={page.tenants} view={view} />
      <Pager label="Pages of tenants" previous={to(page.previous, 'Previous')} next={to(page.next, 'Next')}>
        {whereIn(page, page.tenants.length, 'tenant')}, as of <Instant at={now} style="second" />
      </Pager>
    </div>
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
