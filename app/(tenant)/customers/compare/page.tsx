import type { Metadata } from 'next';
import Link from 'next/link';
import { Facts } from '@/components/data/facts';
import { formatAge, formatCount, formatMeasure } from '@/components/format';
import { RefreshWhile } from '@/components/refresh-while';
import { buttonLook } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ExportLink } from '@/components/ui/export-link';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { TenantContext } from '@/lib/domain/context';
import type { Comparison } from '@/lib/domain/scoring/ports';
import { type ComparisonView, getComparison } from '@/lib/domain/scoring/verbs/get-comparison';
import { pageContext } from '@/lib/server/page';
import { Deferred } from '../../../_components/deferred';
import { Distributions } from './_components/distributions';
import { JointTable } from './_components/joint-table';
import { OutcomeSection } from './_components/outcome-section';
import { QuantileTable } from './_components/quantile-table';
import { comparePage } from './page-info';

export const metadata: Metadata = { title: comparePage.title };

export default async function ComparePage() {
  const context = await pageContext(comparePage);
  return (
    <>
      <PageHeader
        title={comparePage.title}
        parent={comparePage.parent}
        actions={<ExportLink href="/customers/compare/export" />}
      >
        What the statistical default and your model say of the same customers.
      </PageHeader>
      <Deferred context={context} fallback={<CompareSkeleton />} load={() => loadComparison(context)} />
    </>
  );
}

async function loadComparison(context: TenantContext) {
  const view = await getComparison(context, undefined);
  if (view.comparison) return <Compared view={view} comparison={view.comparison} now={context.now()} />;
  if (view.active === null) return <NoModel />;
  return (
    <Notice title="The comparison is on its way">
      <p>
        It is computed when your model has scored every customer, and takes a minute at most from then on.
      </p>
      <RefreshWhile />
    </Notice>
  );
}

function Compared({
  view,
  comparison,
  now,
}: {
  readonly view: ComparisonView;
  readonly comparison: Comparison;
  readonly now: Date;
}) {
  return (
    <div className="space-y-6">
      {view.outdated ? <Outdated active={view.active} version={comparison.version} /> : null}
      <Facts
        facts={[
          { name: 'Scored by both', value: formatCount(comparison.customers) },
          {
            name: 'Rank agreement (Spearman)',
            value:
              comparison.rankAgreement === null ? 'Not defined' : formatMeasure(comparison.rankAgreement),
          },
          { name: 'Model', value: `Version ${comparison.version}` },
          {
            name: 'Computed',
            value: (
              <>
                <Instant at={comparison.computedAt} />
                <span className="block text-xs font-normal text-muted">
                  {formatAge(comparison.computedAt, now)}
                </span>
              </>
            ),
          },
        ]}
      />
      {comparison.sampled < comparison.customers ? (
        <p className="text-sm text-muted">
          Figures below are of a sample of {formatCount(comparison.sampled)} customers, the same ones each
          time.
        </p>
      ) : null}
      <OutcomeSection outcome={comparison.outcome} />
      <Distributions joint={comparison.joint} />
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <JointTable joint={comparison.joint} />
        <QuantileTable quantiles={comparison.quantiles} />
      </div>
      <ExportLink href="/customers/compare/export" />
    </div>
  );
}

function Outdated({ active, version }: { readonly active: number | null; readonly version: number }) {
  if (active !== version) {
    return (
      <Notice title={`This is about version ${version}, which is not active any more`}>
        <p>
          {active === null
            ? 'Scores come from the default now.'
            : `Version ${active} is compared when it has scored every customer.`}
        </p>
        {active === null ? null : <RefreshWhile />}
      </Notice>
    );
  }
  return (
    <Notice title="The customers were scored again since">
      <p>The comparison of the new scores is on its way; this is the one before.</p>
      <RefreshWhile />
    </Notice>
  );
}

function NoModel() {
  return (
    <EmptyState title="There is no model to compare with">
      <p>
        Every score comes from the statistical default. When a model of your own is active, this page shows
        both side by side for the same customers.
      </p>
      <Link href="/model" prefetch={false} className={buttonLook('plain')}>
        Go to the model
      </Link>
    </EmptyState>
  );
}

function CompareSkeleton() {
  return (
    <div className="space-y-6">
      <LoadingLabel>Loading the comparison</LoadingLabel>
      <Skeleton className="h-[4.25rem] w-full" />
      <Skeleton className="h-56 w-full" />
      <Skeleton className="h-56 w-full" />
    </div>
  );
}
