import type { ReactNode } from 'react';
import { LiveRefresh } from '@/components/live/live-refresh';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { allows } from '@/lib/domain/authorize';
import type { PersonContext } from '@/lib/domain/context';
import { getTenantsOverview } from '@/lib/domain/overview/verbs/get-tenants-overview';
import { getQuotas } from '@/lib/domain/quotas/verbs/get-quotas';
import { metadataOf, pageContext } from '@/lib/server/page';
import { Deferred } from '../../_components/deferred';
import { organisations } from '../../_components/organisation';
import { QuotasPart } from '../../_components/quotas-part';
import { TenantsPart } from '../../(admin)/admin/_components/tenants-part';
import { SellerPart } from '../../(seller)/seller/_components/seller-part';
import { OverviewSkeleton } from './_components/overview-skeleton';
import { TenantPart } from './_components/tenant-part';
import { type Overviews, overviewsReading, readOverviews } from './overviews';
import { overviewPage } from './page-info';

export const generateMetadata = metadataOf(overviewPage);

export default async function OverviewPage() {
  const context = await pageContext(overviewPage);
  return (
    <>
      <PageHeader title={overviewPage.title}>{leadOf(context)}</PageHeader>
      <Deferred context={context} fallback={<OverviewSkeleton />} load={() => loadOverviews(context)} />
      <OwnersPart context={context} />
    </>
  );
}

function leadOf({ actor, tenant, control }: PersonContext): ReactNode {
  if (tenant && control) return 'What to do next, what needs you, and what finished.';
  if (tenant) {
    return (
      <>
        What to do next for <bdi>{tenant.tenant.name}</bdi>, what needs you, and what finished.
      </>
    );
  }
  return allows(actor, getTenantsOverview.action)
    ? 'How the tenants stand, what needs you, and what finished. Tenants’ own data is not shown here.'
    : 'Where you stand as a seller, and what needs you.';
}

/** What the plan allows, for whoever answers for it. */
function OwnersPart({ context: { actor, tenant } }: { readonly context: PersonContext }) {
  if (!tenant || !allows(actor, getQuotas.action)) return null;
  return (
    <Deferred
      context={tenant}
      fallback={<Skeleton className="h-72 w-full" />}
      load={async () => <QuotasPart quotas={await getQuotas(tenant, undefined)} />}
    />
  );
}

async function loadOverviews(context: PersonContext) {
  const overviews = await readOverviews(context);
  return (
    <div className="space-y-6">
      {context.refusal === null ? null : (
        <Notice tone="warning" title="The overview of your organisation can’t be shown">
          <p>{context.refusal}</p>
        </Notice>
      )}
      <Parts context={context} overviews={overviews} />
      <LiveRefresh
        initial={overviewsReading(overviews, context.now())}
        href="/overview/status"
        pageHref={overviewPage.path}
        everyMs={4000}
      />
    </div>
  );
}

/** What each role of the person is told. Somebody with several roles sees which part is for which. */
function Parts({
  context: { tenant },
  overviews: { ofTenant, ofTenants, ofSeller },
}: {
  readonly context: PersonContext;
  readonly overviews: Overviews;
}) {
  const parts = [
    ...(tenant && ofTenant
      ? [{ title: tenant.tenant.name, part: <TenantPart key="tenant" overview={ofTenant} /> }]
      : []),
    ...(ofTenants
      ? [{ title: organisations.admin, part: <TenantsPart key="tenants" overview={ofTenants} /> }]
      : []),
    ...(ofSeller
      ? [{ title: organisations.seller, part: <SellerPart key="seller" listings={ofSeller} /> }]
      : []),
  ];
  if (parts.length === 1) return parts.map(({ part }) => part);
  return parts.map(({ title, part }) => (
    <section
      key={title}
      aria-label={title}
      className="space-y-6 not-first:border-t not-first:border-edge not-first:pt-4"
    >
      <p className="font-display font-semibold text-muted">{title}</p>
      {part}
    </section>
  ));
}
