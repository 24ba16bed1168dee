import Link from 'next/link';
import { Unreadable } from '@/components/data/unreadable';
import { LiveRefresh } from '@/components/live/live-refresh';
import { Result } from '@/components/live/result';
import { EmptyState } from '@/components/ui/empty-state';
import { ExportLink } from '@/components/ui/export-link';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { TenantContext } from '@/lib/domain/context';
import { runRate } from '@/lib/domain/running/cost';
import { mostListed } from '@/lib/domain/running/ports';
import { type RunningView, viewRunning } from '@/lib/domain/running/verbs/view-running';
import { known, type Read, seenInAws, unread } from '@/lib/domain/seen';
import { listSpaces } from '@/lib/domain/workbench/verbs/list-spaces';
import { metadataOf, pageContext } from '@/lib/server/page';
import { workbenchPlace } from '@/lib/server/workbench-place';
import { type AddressParams, firstOf } from '../../../_components/address';
import { Deferred } from '../../../_components/deferred';
import { workbenchPage } from '../page-info';
import { IdleSection } from './_components/idle-section';
import { RunningTable } from './_components/running-table';
import { runningPage } from './page-info';
import { runningReading } from './running-reading';
import { itemsOf } from './view';
import { doneWords, headlineOf, priceNote } from './words';

export const generateMetadata = metadataOf(runningPage);

const everyMs = 5000;

export default async function RunningPage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(runningPage);
  const done = firstOf((await searchParams).done);
  const ended = Object.entries(doneWords).find(([name]) => name === done)?.[1];
  return (
    <>
      <PageHeader
        title={runningPage.title}
        parent={runningPage.parent}
        actions={<ExportLink href={`${runningPage.path}/export`} />}
      >
        What runs in the AWS account of <bdi>{context.tenant.name}</bdi> and costs by the hour.
      </PageHeader>
      {ended === undefined ? null : (
        <Result name="running" mark={context.requestId} words={ended.title} as="div">
          <Notice tone="done" title={ended.title}>
            {ended.text}
          </Notice>
        </Result>
      )}
      <Deferred context={context} fallback={<RunningSkeleton />} load={() => loadRunning(context)} />
    </>
  );
}

async function loadRunning(context: TenantContext) {
  const view = await viewRunning(context, undefined);
  const studio = (known(view.apps)?.items ?? []).some(({ status }) => status !== 'Deleting')
    ? await seenInAws(context, listSpaces, () => listSpaces(context, undefined))
    : unread;
  if (!view.hasAccount) {
    return (
      <EmptyState title="Nothing runs yet">
        <p>
          Apps and endpoints run in an AWS account of your own, which comes with the workbench.{' '}
          <Link href={workbenchPage.path} className="link">
            Go to Workbench
          </Link>
        </p>
      </EmptyState>
    );
  }
  const now = context.now();
  return (
    <div className="space-y-8">
      <section className="space-y-4" aria-label="What runs">
        <div>
          <h2 className="text-xl">{headlineOf(view)}</h2>
          <p className="mt-1 text-sm text-muted">
            {itemsOf(view).length === 0
              ? 'Apps appear here once somebody opens Studio, endpoints once somebody deploys a model. '
              : null}
            As of <Instant at={view.readAt} />.
          </p>
        </div>
        <Unreadable parts={unreadableOf({ ...view, spaces: studio })} names={partNames} />
        {itemsOf(view).length > 0 ? (
          <>
            <RunningTable view={view} studio={known(studio)} now={now} />
            <Notes view={view} region={workbenchPlace(context.tenant.id, context.tenant.accountId).region} />
          </>
        ) : null}
      </section>
      <IdleSection idle={view.idle} />
      <LiveRefresh
        initial={runningReading(view)}
        href={`${runningPage.path}/status`}
        pageHref={runningPage.path}
        everyMs={everyMs}
      />
    </div>
  );
}

const partNames = {
  apps: 'Apps of Studio',
  endpoints: 'Endpoints',
  calls: 'How often endpoints are called',
  spaces: 'Spaces that you may open',
} as const;

const unreadableOf = (view: RunningView & { readonly spaces: Read<unknown> }) =>
  (['apps', 'endpoints', 'calls', 'spaces'] as const).flatMap((part) => {
    const read = view[part];
    return read.state === 'unreadable' ? [{ part, reason: read.reason }] : [];
  });

function Notes({ view, region }: { readonly view: RunningView; readonly region: string }) {
  const rate = runRate(itemsOf(view));
  const more = known(view.apps)?.more || known(view.endpoints)?.more;
  return (
    <div className="max-w-prose space-y-1 text-sm text-muted">
      {more ? (
        <p>
          There are more than {mostListed} apps or endpoints; the latest {mostListed} of each are listed and
          counted.
        </p>
      ) : null}
      {rate.unpriced.length > 0 ? (
        <p>Without a price, and not counted as nothing: {rate.unpriced.join(', ')}.</p>
      ) : null}
      <p>
        <strong className="font-medium text-ink">Stop</strong> deletes an app: its files stay, while kernels,
        terminals and unsaved changes are lost. Of an endpoint, the model and the configuration stay; whoever
        calls it gets an error until it is deployed again.
      </p>
      <p>{priceNote(region)}</p>
    </div>
  );
}

function RunningSkeleton() {
  return (
    <>
      <LoadingLabel>Asking AWS what runs</LoadingLabel>
      <Skeleton className="h-72 w-full" />
    </>
  );
}
