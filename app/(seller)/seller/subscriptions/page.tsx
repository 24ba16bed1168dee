import Link from 'next/link';
import { Cell, DataTable, RowHead, Unknown } from '@/components/data/table';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Instant } from '@/components/ui/instant';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import type { SellerContext } from '@/lib/domain/context';
import type { SoldSubscription } from '@/lib/domain/marketplace/subscription';
import { listSold } from '@/lib/domain/marketplace/verbs/list-sold';
import { metadataOf, pageContext } from '@/lib/server/page';
import { pageOrNull } from '@/lib/server/page-or-null';
import { type AddressParams, firstOf } from '../../../_components/address';
import { BadAddress } from '../../../_components/bad-address';
import { CursorPager } from '../../../_components/cursor-pager';
import { Deferred } from '../../../_components/deferred';
import { deploymentWords, standingWords } from '../../../_components/marketplace/words';
import { listingsPage } from '../listings/page-info';
import { listingHref } from '../listings/words';
import { soldPage } from './page-info';

export const generateMetadata = metadataOf(soldPage);

export default async function SoldPage({ searchParams }: { readonly searchParams: Promise<AddressParams> }) {
  const context = await pageContext(soldPage);
  const cursor = firstOf((await searchParams).cursor);
  return (
    <>
      <PageHeader title={soldPage.title}>
        Who subscribed to your listings. Buyers’ data and what their models answer stay in their own AWS
        accounts.
      </PageHeader>
      <Deferred context={context} fallback={<SoldSkeleton />} load={() => loadSold(context, cursor)} />
    </>
  );
}

async function loadSold(context: SellerContext, cursor: string | undefined) {
  const page = await pageOrNull(() => listSold(context, { cursor }));
  if (!page) return <BadAddress title="These subscriptions can’t be shown" href={soldPage.path} />;
  if (page.subscriptions.length === 0) return <NobodyYet />;
  return (
    <div className="space-y-3">
      <DataTable
        label="Subscriptions"
        columns={[
          { label: 'Buyer’s AWS account' },
          { label: 'Listing' },
          { label: 'Subscription' },
          { label: 'Endpoint' },
          { label: 'Version', numeric: true },
          { label: 'Since' },
          { label: 'Ended' },
        ]}
      >
        {page.subscriptions.map((subscription) => (
          <SoldRow key={subscription.id} subscription={subscription} />
        ))}
      </DataTable>
      <CursorPager label="Pages of subscriptions" path={soldPage.path} page={page} />
    </div>
  );
}

function SoldRow({ subscription }: { readonly subscription: SoldSubscription }) {
  const { accountId, listingId, title, version, createdAt, endedAt } = subscription;
  const standing = standingWords[subscription.standing];
  const deployment = deploymentWords(subscription);
  return (
    <tr>
      <RowHead>
        <span className="font-mono text-sm">{accountId}</span>
      </RowHead>
      <Cell>
        <Link href={listingHref(listingId)} prefetch={false} className="link [overflow-wrap:anywhere]">
          {title}
        </Link>
      </Cell>
      <Cell>
        <Status tone={standing.tone}>{standing.words}</Status>
      </Cell>
      <Cell>
        <Status tone={deployment.tone}>{deployment.words}</Status>
      </Cell>
      <Cell numeric>{version ?? <Unknown why="Not deployed" />}</Cell>
      <Cell>
        <Instant at={createdAt} style="minute" />
      </Cell>
      <Cell>{endedAt ? <Instant at={endedAt} style="minute" /> : <Unknown why="It goes on" />}</Cell>
    </tr>
  );
}

function NobodyYet() {
  return (
    <EmptyState title="Nobody has subscribed yet">
      <p>A subscription appears here as soon as AWS Marketplace tells of it.</p>
      <Link href={listingsPage.path} prefetch={false} className={buttonStyle('plain')}>
        {listingsPage.title}
      </Link>
    </EmptyState>
  );
}

function SoldSkeleton() {
  return (
    <>
      <LoadingLabel>Loading subscriptions</LoadingLabel>
      <Skeleton className="h-56 w-full" />
    </>
  );
}
