import Link from 'next/link';
import { Cell, DataTable, RowHead } from '@/components/data/table';
import { formatCount, formatUnits } from '@/components/format';
import { buttonStyle } from '@/components/ui/button';
import { Instant } from '@/components/ui/instant';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import type { ControlContext } from '@/lib/domain/context';
import { limitWords } from '@/lib/domain/plans/limits';
import { countedLimits, type PlanSummary } from '@/lib/domain/plans/ports';
import { listPlans } from '@/lib/domain/plans/verbs/list-plans';
import { metadataOf, pageContext } from '@/lib/server/page';
import { Deferred } from '../../../_components/deferred';
import { tenantsPage } from '../tenants/page-info';
import { newPlanPage } from './new/page-info';
import { plansPage } from './page-info';
import { limitValue, planHref } from './words';

export const generateMetadata = metadataOf(plansPage);

export default async function PlansPage() {
  const context = await pageContext(plansPage);
  return (
    <>
      <PageHeader
        title={plansPage.title}
        actions={
          <a href={newPlanPage.path} className={buttonStyle('primary')}>
            New plan
          </a>
        }
      >
        What tenants may use: workbenches, people, extracts, endpoints, and what a month may cost.
      </PageHeader>
      <Deferred context={context} fallback={<PlansSkeleton />} load={() => loadPlans(context)} />
    </>
  );
}

async function loadPlans(context: ControlContext) {
  const plans = await listPlans(context, undefined);
  return (
    <DataTable
      label="Plans"
      columns={[
        { label: 'Plan' },
        { label: 'Version' },
        { label: 'Tenants', numeric: true },
        { label: 'Workbenches' },
        ...countedLimits.map((limit) => ({ label: limitWords[limit].name, numeric: true })),
      ]}
    >
      {plans.map((plan) => (
        <PlanRow key={plan.id} plan={plan} />
      ))}
    </DataTable>
  );
}

function PlanRow({ plan: { id, name, retiredAt, newest, tenants } }: { readonly plan: PlanSummary }) {
  const { limits, version, createdAt } = newest;
  return (
    <tr>
      <RowHead>
        <Link href={planHref(id)} prefetch={false} className="row-link link [overflow-wrap:anywhere]">
          {name}
        </Link>
        <span className="block font-mono text-xs font-normal text-muted">{id}</span>
      </RowHead>
      <Cell>
        <div>
          {version}
          <span className="block text-xs text-muted">
            since <Instant at={createdAt} style="date" />
          </span>
        </div>
      </Cell>
      <Cell numeric>
        {retiredAt ? (
          <Status tone="neutral">Retired</Status>
        ) : tenants === 0 ? (
          '0'
        ) : (
          <Link href={`${tenantsPage.path}?plan=${encodeURIComponent(id)}`} prefetch={false} className="link">
            {formatCount(tenants)}
          </Link>
        )}
      </Cell>
      <Cell>{limits.variants === null ? 'All' : formatUnits(limits.variants.length, 'variant')}</Cell>
      {countedLimits.map((limit) => (
        <Cell key={limit} numeric>
          {limitValue(limit, limits[limit])}
        </Cell>
      ))}
    </tr>
  );
}

function PlansSkeleton() {
  return (
    <>
      <LoadingLabel>Loading plans</LoadingLabel>
      <Skeleton className="h-56 w-full" />
    </>
  );
}
