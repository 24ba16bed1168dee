import { Unreadable } from '@/components/data/unreadable';
import { LiveRefresh } from '@/components/live/live-refresh';
import { Result } from '@/components/live/result';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { ControlContext } from '@/lib/domain/context';
import { viewQueues } from '@/lib/domain/queues/verbs/view-queues';
import { metadataOf, pageContext } from '@/lib/server/page';
import { type AddressParams, firstOf } from '../../../_components/address';
import { Deferred } from '../../../_components/deferred';
import { QueueSection } from './_components/queue-section';
import { queuesPage } from './page-info';
import { queuesReading } from './queues-reading';
import { doneWords } from './words';

export const generateMetadata = metadataOf(queuesPage);

/** A sample of dead letters is read anew after each change. */
const everyMs = 5000;

export default async function QueuesPage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(queuesPage);
  const done = firstOf((await searchParams).done);
  const ended = Object.entries(doneWords).find(([name]) => name === done)?.[1];
  return (
    <>
      <PageHeader title={queuesPage.title}>
        What waits for the worker, and what it could not do. Messages name tenants and ids; tenants’ own data
        is not shown here.
      </PageHeader>
      {ended === undefined ? null : (
        <Result name="queues" mark={context.requestId} words={ended.title} as="div">
          <Notice tone="done" title={ended.title}>
            {ended.text}
          </Notice>
        </Result>
      )}
      <Deferred context={context} fallback={<QueuesSkeleton />} load={() => loadQueues(context)} />
    </>
  );
}

async function loadQueues(context: ControlContext) {
  const { queues, ages } = await viewQueues(context, undefined);
  return (
    <div className="space-y-8">
      <Unreadable
        parts={ages.state === 'unreadable' ? [{ part: 'ages', reason: ages.reason }] : []}
        names={{ ages: 'Age of the oldest message' }}
      />
      {queues.map((view) => (
        <QueueSection key={view.queue} view={view} ages={ages} />
      ))}
      <LiveRefresh
        initial={queuesReading(queues, context.now())}
        href={`${queuesPage.path}/status`}
        pageHref={queuesPage.path}
        everyMs={everyMs}
      />
    </div>
  );
}

function QueuesSkeleton() {
  return (
    <>
      <LoadingLabel>Loading the queues</LoadingLabel>
      <Skeleton className="h-72 w-full" />
    </>
  );
}
