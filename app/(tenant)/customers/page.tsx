import Link from 'next/link';
import { type Fact, Facts } from '@/components/data/facts';
import { Pager } from '@/components/data/pager';
import { whereIn } from '@/components/data/place';
import { formatCount, formatMargin } from '@/components/format';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ExportLink } from '@/components/ui/export-link';
import { Instant } from '@/components/ui/instant';
import { PageHeader } from '@/components/ui/page-header';
import { Term } from '@/components/ui/term';
import { allows } from '@/lib/domain/authorize';
import type { TenantContext } from '@/lib/domain/context';
import type { Customer, CustomerOverview, CustomerPage } from '@/lib/domain/crm/ports';
import { crmOverview } from '@/lib/domain/crm/verbs/crm-overview';
import { listCustomers } from '@/lib/domain/crm/verbs/list-customers';
import { getScoring } from '@/lib/domain/scoring/verbs/get-scoring';
import { metadataOf, pageContext } from '@/lib/server/page';
import { pageOrNull } from '@/lib/server/page-or-null';
import type { AddressParams } from '../../_components/address';
import { BadAddress } from '../../_components/bad-address';
import { Deferred } from '../../_components/deferred';
import type { CustomerLine } from './_components/customer-rows';
import { CustomersSkeleton } from './_components/customers-skeleton';
import { CustomersTable } from './_components/customers-table';
import { LiveScoring } from './_components/live-scoring';
import { NothingImported } from './_components/nothing-imported';
import { RiskDistribution } from './_components/risk-distribution';
import { ScoringNotice } from './_components/scoring-notice';
import { ScoringPanel } from './_components/scoring-panel';
import { Toolbar } from './_components/toolbar';
import { importPage } from './import/page-info';
import { customersPage } from './page-info';
import { scoringReading } from './scoring-reading';
import { type CustomersView, readView, viewHref } from './view';

export const generateMetadata = metadataOf(customersPage);

export default async function CustomersPage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(customersPage);
  const view = readView(await searchParams);
  return (
    <>
      <PageHeader
        title={customersPage.title}
        actions={
          <>
            {allows(context.actor, importPage.action) ? (
              <Link href={importPage.path} prefetch={false} className={buttonStyle('plain')}>
                {importPage.title}
              </Link>
            ) : null}
            <ExportLink href={viewHref({ ...view, cursor: undefined }, '/customers/export')} />
          </>
        }
      >
        Your customers, with the risk that each one places no order in the next 90 days.
      </PageHeader>
      <Deferred context={context} fallback={<CustomersSkeleton />} load={() => loadList(context, view)} />
    </>
  );
}

async function loadList(context: TenantContext, view: CustomersView) {
  const [overview, page, scoring] = await Promise.all([
    crmOverview(context, undefined),
    pageOrNull(() => listCustomers(context, view)),
    // Members see the source of the scores, but no details of the models.
    allows(context.actor, getScoring.action) ? getScoring(context, undefined) : null,
  ]);
  const live = { reading: scoringReading(overview, scoring, context.now()), pageHref: viewHref(view) };
  if (overview.customers === 0) {
    return <NothingImported mayImport={allows(context.actor, importPage.action)} reading={live.reading} />;
  }
  return (
    <div className="space-y-6">
      <Facts facts={overviewFacts(overview)} />
      <ScoringNotice overview={overview} />
      {scoring ? (
        <ScoringPanel scoring={scoring} {...live} />
      ) : (
        <LiveScoring initial={live.reading} pageHref={live.pageHref} />
      )}
      <RiskDistribution overview={overview} view={view} />
      <Toolbar overview={overview} view={view} />
      {page ? (
        <List page={page} view={view} />
      ) : (
        <BadAddress title="This link isn’t valid" href="/customers" />
      )}
    </div>
  );
}

function List({ page, view }: { readonly page: CustomerPage; readonly view: CustomersView }) {
  if (page.customers.length === 0) {
    return (
      <EmptyState title="No customers match">
        <p>
          No customers{view.band ? ` at ${view.band} risk` : ''}
          {view.search
            ? ` have an id, name or e-mail address that starts with “${view.search}”`
            : ' match these filters'}
          .
        </p>
        <Link href="/customers" prefetch={false} className={buttonStyle('plain')}>
          Show all customers
        </Link>
      </EmptyState>
    );
  }
  const to = (cursor: string | null, label: string) =>
    cursor ? { href: viewHref({ ...view, cursor }), label } : null;
  return (
    <div className="space-y-3">
      <CustomersTable customers={page.customers.map(lineOf)} view={view} />
      <Pager label="Pages of customers" previous={to(page.previous, 'Previous')} next={to(page.next, 'Next')}>
        {whereIn(page.place, page.customers.length, 'customer')}
      </Pager>
    </div>
  );
}

const lineOf = ({ id, name, features, score }: Customer): CustomerLine => ({
  id,
  name,
  probability: score?.probability ?? null,
  features,
});

function overviewFacts({
  customers,
  orders,
  asOf,
  firstOrderAt,
  lastOrderAt,
  scoring,
  source,
}: CustomerOverview): Fact[] {
  return [
    { name: 'Customers', value: formatCount(customers) },
    { name: 'Orders', value: formatCount(orders) },
    {
      name: 'First to last order',
      value:
        firstOrderAt && lastOrderAt ? (
          <>
            <Instant at={firstOrderAt} style="date" /> – <Instant at={lastOrderAt} style="date" />
          </>
        ) : (
          '–'
        ),
    },
    {
      name: 'Features and scores as of',
      label: (
        <>
          Features and scores <Term name="asOf">as of</Term>
        </>
      ),
      value: asOf ? <Instant at={asOf} style="date" /> : '–',
    },
    {
      name: 'Scores computed',
      value:
        scoring.state === 'scored' ? (
          <>
            <Instant at={scoring.scoredAt} />
            <span className="block text-xs font-normal text-muted">
              {sourceNames[source.kind]} <span className="font-mono">{scoring.version}</span>
              {scoring.uncertainty === null ? null : `, typically ${formatMargin(scoring.uncertainty)}`}
            </span>
          </>
        ) : (
          { none: 'Not yet', stale: 'In progress', unfitted: 'Not possible' }[scoring.state]
        ),
    },
  ];
}

const sourceNames: Readonly<Record<CustomerOverview['source']['kind'], string>> = {
  default: 'Built-in model',
  model: 'Your model',
  fallback: 'Built-in model, as fallback',
};
