import Link from 'next/link';
import { Facts } from '@/components/data/facts';
import { formatAge, formatCount, formatMeasure, formatUnits } from '@/components/format';
import { LiveRefresh } from '@/components/live/live-refresh';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ExportLink } from '@/components/ui/export-link';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import { Term } from '@/components/ui/term';
import type { TenantContext } from '@/lib/domain/context';
import type { Comparison } from '@/lib/domain/scoring/ports';
import { type ComparisonView, getComparison } from '@/lib/domain/scoring/verbs/get-comparison';
import { metadataOf, pageContext } from '@/lib/server/page';
import { Deferred } from '../../../_components/deferred';
import { Distributions } from './_components/distributions';
import { JointTable } from './_components/joint-table';
import { OutcomeSection } from './_components/outcome-section';
import { QuantileTable } from './_components/quantile-table';
import { VerdictSection } from './_components/verdict';
import { comparePage } from './page-info';
import { comparisonReading } from './reading';

export const generateMetadata = metadataOf(comparePage);

export default async function ComparePage() {
  const context = await pageContext(comparePage);
  return (
    <>
      <PageHeader
        title={comparePage.title}
        parent={comparePage.parent}
        actions={<ExportLink href="/customers/compare/export" />}
      >
        The built-in model and your model, scored on the same customers.
      </PageHeader>
      <Deferred context={context} fallback={<CompareSkeleton />} load={() => loadComparison(context)} />
    </>
  );
}

async function loadComparison(context: TenantContext) {
  const view = await getComparison(context, undefined);
  return (
    <>
      <Content view={view} now={context.now()} />
      <LiveRefresh
        initial={comparisonReading(view, context.now())}
        href="/scoring/comparison"
        pageHref={comparePage.path}
      />
    </>
  );
}

function Content({ view, now }: { readonly view: ComparisonView; readonly now: Date }) {
  if (view.comparison) return <Compared view={view} comparison={view.comparison} now={now} />;
  if (view.active === null) return <NoModel />;
  return (
    <Notice tone="running" title="Comparison in progress">
      <p>It starts once your model has scored every customer and takes at most a minute.</p>
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
      <VerdictSection comparison={comparison} />
      <Facts
        facts={[
          { name: 'Scored by both models', value: formatCount(comparison.customers) },
          {
            name: 'Rank agreement (Spearman)',
            label: (
              <>
                Rank agreement{' '}
                <span className="whitespace-nowrap">
                  (<Term name="spearman" />)
                </span>
              </>
            ),
            value:
              comparison.rankAgreement === null ? 'Not defined' : formatMeasure(comparison.rankAgreement),
          },
          { name: 'Your model', value: `Version ${comparison.version}` },
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
          The figures below use a sample of {formatUnits(comparison.sampled, 'customer')}, the same sample
          each time.
        </p>
      ) : null}
      {comparison.outcome.known ? <OutcomeSection outcome={comparison.outcome} /> : null}
      <Distributions joint={comparison.joint} />
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <JointTable joint={comparison.joint} />
        <QuantileTable quantiles={comparison.quantiles} />
      </div>
    </div>
  );
}

function Outdated({ active, version }: { readonly active: number | null; readonly version: number }) {
  if (active !== version) {
    return (
      <Notice tone="warning" title={`This compares version ${version}, which is no longer active`}>
        <p>
          {active === null
            ? 'Scores now come from the built-in model.'
            : `Version ${active} will be compared once it has scored every customer.`}
        </p>
      </Notice>
    );
  }
  return (
    <Notice tone="running" title="Customers have been scored again since this comparison">
      <p>A comparison of the new scores is in progress. This is the previous one.</p>
    </Notice>
  );
}

function NoModel() {
  return (
    <EmptyState title="No model to compare">
      <p>
        Every score comes from the built-in model. Once a model of your own is active, this page shows both
        side by side for the same customers.
      </p>
      <Link href="/model" prefetch={false} className={buttonStyle('plain')}>
        Go to Model
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
