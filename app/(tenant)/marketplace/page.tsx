import { Facts } from '@/components/data/facts';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { TenantContext } from '@/lib/domain/context';
import type { Listing } from '@/lib/domain/marketplace/listing';
import { listMarket } from '@/lib/domain/marketplace/verbs/list-market';
import { metadataOf, pageContext } from '@/lib/server/page';
import { pageOrNull } from '@/lib/server/page-or-null';
import { type AddressParams, firstOf } from '../../_components/address';
import { BadAddress } from '../../_components/bad-address';
import { CursorPager } from '../../_components/cursor-pager';
import { Deferred } from '../../_components/deferred';
import { priceOf } from '../../_components/marketplace/words';
import { workbenchPage } from '../workbench/page-info';
import { marketplacePage } from './page-info';

export const generateMetadata = metadataOf(marketplacePage);

export default async function MarketplacePage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(marketplacePage);
  const cursor = firstOf((await searchParams).cursor);
  return (
    <>
      <PageHeader title={marketplacePage.title}>
        Models to subscribe to on AWS Marketplace. Each runs in your own AWS account, without a network: what
        you send it never leaves your account.
      </PageHeader>
      <NoAccount accountId={context.tenant.accountId} />
      <Deferred context={context} fallback={<MarketSkeleton />} load={() => loadMarket(context, cursor)} />
    </>
  );
}

/** A model is deployed into the account of the workbench. */
function NoAccount({ accountId }: { readonly accountId: string | null }) {
  if (accountId !== null) return null;
  return (
    <Notice
      tone="warning"
      title="Request a workbench first"
      actions={
        <a href={workbenchPage.path} className={buttonStyle('plain')}>
          {workbenchPage.title}
        </a>
      }
    >
      You subscribe with the AWS account of your workbench, which your organisation doesn’t have yet.
    </Notice>
  );
}

async function loadMarket(context: TenantContext, cursor: string | undefined) {
  const page = await pageOrNull(() => listMarket(context, { cursor }));
  if (!page) return <BadAddress title="These models can’t be shown" href={marketplacePage.path} />;
  if (page.offers.length === 0) {
    return (
      <EmptyState title="Nothing is sold here yet">
        <p>Models appear here once a seller publishes them.</p>
      </EmptyState>
    );
  }
  return (
    <div className="space-y-5">
      {page.offers.map(({ listing, href }) => (
        <ListingCard key={listing.id} listing={listing} href={href} />
      ))}
      <CursorPager label="Pages of models" path={marketplacePage.path} page={page} />
    </div>
  );
}

function ListingCard({ listing, href }: { readonly listing: Listing; readonly href: string | null }) {
  return (
    <article aria-label={listing.title} className="space-y-4 border border-line bg-plate px-5 py-4">
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="text-lg [overflow-wrap:anywhere]">{listing.title}</h2>
          <p className="mt-1 max-w-3xl text-sm text-muted [overflow-wrap:anywhere]">{listing.summary}</p>
        </div>
        {href === null ? null : (
          <a href={href} target="_blank" rel="noreferrer" className={buttonStyle('primary')}>
            Subscribe <span className="sr-only">to {listing.title} on AWS Marketplace, in a new tab</span>
          </a>
        )}
      </div>
      <Facts
        facts={[
          ...listing.dimensions.map((dimension) => ({
            name: dimension.description,
            value: priceOf(dimension),
          })),
          { name: 'Requests', value: listing.contentTypes.join(', ') },
          { name: 'Answers', value: listing.accept },
          { name: 'Version', value: listing.version ?? '–' },
        ]}
      />
      {listing.termsUrl === null ? null : (
        <p className="text-sm">
          <a href={listing.termsUrl} target="_blank" rel="noreferrer" className="link">
            Terms of the seller
          </a>
        </p>
      )}
    </article>
  );
}

function MarketSkeleton() {
  return (
    <>
      <LoadingLabel>Loading models</LoadingLabel>
      <Skeleton className="h-40 w-full" />
    </>
  );
}
