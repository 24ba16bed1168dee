import Link from 'next/link';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ExportLink } from '@/components/ui/export-link';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { TenantContext } from '@/lib/domain/context';
import { listExtracts } from '@/lib/domain/extracts/verbs/list-extracts';
import { metadataOf, pageContext } from '@/lib/server/page';
import { pageOrNull } from '@/lib/server/page-or-null';
import { type AddressParams, firstOf } from '../../_components/address';
import { Deferred } from '../../_components/deferred';
import { LiveExtracts } from './_components/live-extracts';
import { trainingDraftHref } from './new/draft';
import { newExtractPage } from './new/page-info';
import { extractsPage } from './page-info';
import { type PageOfList, queryOf } from './page-of-list';
import { extractsReading } from './reading';

export const generateMetadata = metadataOf(extractsPage);

interface Props {
  readonly searchParams: Promise<AddressParams>;
}

export default async function ExtractsPage({ searchParams }: Props) {
  const context = await pageContext(extractsPage);
  const { before, after } = await searchParams;
  return (
    <>
      <PageHeader
        title={extractsPage.title}
        actions={
          <>
            <ExportLink href="/extracts/export" />
            <Link href={newExtractPage.path} className={buttonStyle('primary')}>
              {newExtractPage.title}
            </Link>
          </>
        }
      >
        Your CRM data in your own bucket, masked by policy, ready for a notebook or a training job.
      </PageHeader>
      <Deferred
        context={context}
        fallback={<ListSkeleton />}
        load={() => loadList(context, { before: firstOf(before), after: firstOf(after) })}
      />
    </>
  );
}

async function loadList(context: TenantContext, page: PageOfList) {
  const query = queryOf(page);
  // A URL without a valid page shows the first page, and so does one of newer extracts than there are.
  const asked = await pageOrNull(() => listExtracts(context, page));
  const isOver = asked?.extracts.length === 0 && asked.next === null;
  if (!asked || (isOver && page.after !== undefined)) return loadList(context, {});
  if (isOver) return <NothingHere first={query === ''} />;
  return <LiveExtracts initial={extractsReading(asked, context.now())} query={query} />;
}

function NothingHere({ first }: { readonly first: boolean }) {
  return first ? (
    <EmptyState title="No extracts yet">
      <p>
        An extract copies customers, orders, tickets or churn features from the CRM to your bucket, where your
        notebooks and training jobs can read them.
      </p>
      <Link href={trainingDraftHref} className={buttonStyle('primary')}>
        Take a training extract
      </Link>
    </EmptyState>
  ) : (
    <EmptyState title="No older extracts">
      <Link href="/extracts" className={buttonStyle('plain')}>
        Go to the newest extracts
      </Link>
    </EmptyState>
  );
}

const rows = Array.from({ length: 8 }, (_, index) => `row-${index}`);

function ListSkeleton() {
  return (
    <div className="border border-line bg-plate">
      <LoadingLabel>Loading extracts</LoadingLabel>
      <div className="h-9 border-b border-edge bg-sunk" />
      {rows.map((row) => (
        <div key={row} className="flex h-[3.4rem] items-center gap-8 border-b border-line px-4">
          <Skeleton className="h-3 w-28" />
          <Skeleton className="h-3 w-20" />
          <Skeleton className="hidden h-3 flex-1 md:block" />
        </div>
      ))}
    </div>
  );
}
