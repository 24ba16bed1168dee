import Link from 'next/link';
import { Cell, DataTable, RowHead, Unknown } from '@/components/data/table';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Instant } from '@/components/ui/instant';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import type { SellerContext } from '@/lib/domain/context';
import type { Listing } from '@/lib/domain/marketplace/listing';
import { listListings } from '@/lib/domain/marketplace/verbs/list-listings';
import { metadataOf, pageContext } from '@/lib/server/page';
import { pageOrNull } from '@/lib/server/page-or-null';
import { type AddressParams, firstOf } from '../../../_components/address';
import { BadAddress } from '../../../_components/bad-address';
import { CursorPager } from '../../../_components/cursor-pager';
import { Deferred } from '../../../_components/deferred';
import { priceOf } from '../../../_components/marketplace/words';
import { newListingPage } from './new/page-info';
import { listingsPage } from './page-info';
import { listingHref, stateWords } from './words';

export const generateMetadata = metadataOf(listingsPage);

export default async function ListingsPage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(listingsPage);
  const cursor = firstOf((await searchParams).cursor);
  return (
    <>
      <PageHeader
        title={listingsPage.title}
        actions={
          <Link href={newListingPage.path} prefetch={false} className={buttonStyle('primary')}>
            {newListingPage.title}
          </Link>
        }
      >
        Models that you sell on AWS Marketplace. Tenants subscribe to them and call them through Annex.
      </PageHeader>
      <Deferred
        context={context}
        fallback={<ListingsSkeleton />}
        load={() => loadListings(context, cursor)}
      />
    </>
  );
}

async function loadListings(context: SellerContext, cursor: string | undefined) {
  const page = await pageOrNull(() => listListings(context, { cursor }));
  if (!page) return <BadAddress title="These listings can’t be shown" href={listingsPage.path} />;
  if (page.listings.length === 0) return <NoListings />;
  return (
    <div className="space-y-3">
      <DataTable
        label="Listings"
        columns={[
          { label: 'Listing' },
          { label: 'State' },
          { label: 'Version', numeric: true },
          { label: 'Prices' },
          { label: 'Changed' },
        ]}
      >
        {page.listings.map((listing) => (
          <ListingRow key={listing.id} listing={listing} />
        ))}
      </DataTable>
      <CursorPager label="Pages of listings" path={listingsPage.path} page={page} />
    </div>
  );
}

function ListingRow({ listing }: { readonly listing: Listing }) {
  const { tone, words } = stateWords[listing.state];
  return (
    <tr>
      <RowHead>
        <Link
          href={listingHref(listing.id)}
          prefetch={false}
          className="row-link link [overflow-wrap:anywhere]"
        >
          {listing.title}
        </Link>
        <span className="block font-mono text-xs font-normal text-muted">{listing.productCode}</span>
      </RowHead>
      <Cell>
        <Status tone={tone}>{words}</Status>
      </Cell>
      <Cell numeric>{listing.version ?? <Unknown why="No version yet" />}</Cell>
      <Cell>{listing.dimensions.map(priceOf).join(', ')}</Cell>
      <Cell>
        <Instant at={listing.updatedAt} style="minute" />
      </Cell>
    </tr>
  );
}

function NoListings() {
  return (
    <EmptyState title="You have no listings">
      <p>
        A listing connects a product of AWS Marketplace to Annex: its model package, what requests look like
        and what they cost. Save a draft, add a version of the model, and publish it.
      </p>
    </EmptyState>
  );
}

function ListingsSkeleton() {
  return (
    <>
      <LoadingLabel>Loading listings</LoadingLabel>
      <Skeleton className="h-56 w-full" />
    </>
  );
}
