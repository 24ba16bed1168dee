import { Pager } from '@/components/data/pager';
import { whereIn } from '@/components/data/place';
import { EmptyState } from '@/components/ui/empty-state';
import { ExportLink } from '@/components/ui/export-link';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { ControlContext } from '@/lib/domain/context';
import { monthOnBill } from '@/lib/domain/costs/bill';
import { type CostList, listCosts } from '@/lib/domain/costs/verbs/list-costs';
import { monthBefore, monthInWords } from '@/lib/domain/month';
import { metadataOf, pageContext } from '@/lib/server/page';
import { pageOrNull } from '@/lib/server/page-or-null';
import type { AddressParams } from '../../../_components/address';
import { BadAddress } from '../../../_components/bad-address';
import { BillAge, BillNotices } from '../../../_components/costs/bill-notices';
import { Deferred } from '../../../_components/deferred';
import { CostsTable } from './_components/costs-table';
import { CostsToolbar } from './_components/costs-toolbar';
import { costsPage } from './page-info';
import { type CostsView, readView, viewHref } from './view';

export const generateMetadata = metadataOf(costsPage);

export default async function CostsPage({ searchParams }: { readonly searchParams: Promise<AddressParams> }) {
  const context = await pageContext(costsPage);
  const view = readView(await searchParams);
  return (
    <>
      <PageHeader
        title={costsPage.title}
        actions={<ExportLink href={viewHref({ ...view, cursor: undefined }, `${costsPage.path}/export`)} />}
      >
        What each tenant’s AWS account costs, in USD: by AWS’s bill, and by the apps and endpoints that Annex
        measures.
      </PageHeader>
      <Deferred context={context} fallback={<CostsSkeleton />} load={() => loadCosts(context, view)} />
    </>
  );
}

async function loadCosts(context: ControlContext, view: CostsView) {
  const list = await pageOrNull(() => listCosts(context, view));
  const now = context.now();
  return (
    <div className="space-y-6">
      {list ? <BillNotices bill={list.bill} now={now} /> : null}
      <CostsToolbar view={view} />
      {list && (list.costs.length > 0 || list.total === 0) ? (
        <List list={list} view={view} now={now} />
      ) : (
        <BadAddress title="This page of costs doesn’t exist" href={costsPage.path} />
      )}
    </div>
  );
}

function List({
  list,
  view,
  now,
}: {
  readonly list: CostList;
  readonly view: CostsView;
  readonly now: Date;
}) {
  if (list.costs.length === 0) {
    return (
      <EmptyState title={view.search ? 'No tenants match' : 'No tenants yet'}>
        <p>
          {view.search
            ? `No tenant has a name or id that starts with “${view.search}”.`
            : 'Costs appear here once tenants are onboarded.'}
        </p>
      </EmptyState>
    );
  }
  const to = (cursor: string | null, label: string) =>
    cursor === null ? null : { href: viewHref({ ...view, cursor }), label };
  const unread = monthOnBill(list.bill, list.month, null).state === 'unread';
  return (
    <div className="space-y-3">
      <CostsTable
        costs={list.costs}
        totals={list.totals}
        view={view}
        unbilled={unread ? 'The bill was not read yet' : 'Nothing billed yet'}
        months={{
          current: `Bill of ${monthInWords(list.month)}`,
          before: `Bill of ${monthInWords(monthBefore(now))}`,
        }}
      />
      <Pager label="Pages of costs" previous={to(list.previous, 'Previous')} next={to(list.next, 'Next')}>
        {whereIn(list, list.costs.length, 'tenant')}.{' '}
        {unread ? (
          'The bill was not read yet.'
        ) : (
          <>
            The bill: <BillAge bill={list.bill} />
          </>
        )}
      </Pager>
    </div>
  );
}

function CostsSkeleton() {
  return (
    <>
      <LoadingLabel>Loading costs</LoadingLabel>
      <Skeleton className="h-56 w-full" />
    </>
  );
}
