import { cache } from 'react';
import { Facts } from '@/components/data/facts';
import { Cell, DataTable, RowHead } from '@/components/data/table';
import { Result } from '@/components/live/result';
import { Copyable } from '@/components/ui/copy';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Status } from '@/components/ui/status';
import type { Listing, ListingVersion } from '@/lib/domain/marketplace/listing';
import { getListing } from '@/lib/domain/marketplace/verbs/get-listing';
import { metadataOf, orNotFound, pageContext } from '@/lib/server/page';
import { type AddressParams, firstOf } from '../../../../_components/address';
import { priceOf } from '../../../../_components/marketplace/words';
import {
  AddVersionForm,
  ChangeListingForm,
  PublishListingForm,
  RetireListingForm,
} from '../_components/listing-forms';
import { doneIn, stateWords } from '../words';
import { listingPage } from './page-info';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<AddressParams>;
}

const viewOf = cache((id: string) =>
  orNotFound(async () => getListing(await pageContext(listingPage), { id })),
);

export const generateMetadata = metadataOf(
  listingPage,
  async ({ params }: Props) => `${listingPage.title}: ${(await viewOf((await params).id)).listing.title}`,
);

export default async function ListingPage({ params, searchParams }: Props) {
  await pageContext(listingPage);
  const { listing, versions } = await viewOf((await params).id);
  const done = doneIn(listing, firstOf((await searchParams).done));
  return (
    <>
      <PageHeader title={listing.title} parent={listingPage.parent}>
        {listing.summary}
      </PageHeader>
      {done === null ? null : (
        <Result as="div" name="listing" mark={`${done} ${listing.revision}`} words={done}>
          <Notice tone="done" title={done}>
            {nextOf(listing)}
          </Notice>
        </Result>
      )}
      <Standing listing={listing} />
      {listing.state === 'draft' && listing.version !== null ? <Publish listing={listing} /> : null}
      <Versions listing={listing} versions={versions} />
      {listing.state === 'retired' ? null : (
        <section aria-labelledby="what-it-says" className="space-y-3">
          <h2 id="what-it-says" className="text-lg">
            What the listing says
          </h2>
          <ChangeListingForm listing={listing} />
        </section>
      )}
      {listing.state === 'published' ? <Retire listing={listing} /> : null}
    </>
  );
}

function nextOf({ state, version }: Listing): string {
  if (state === 'published') return 'Tenants see it, and new subscriptions get the newest version.';
  if (state === 'retired') return 'No tenant can subscribe to it any more. Subscriptions go on.';
  return version === null
    ? 'No tenant sees it. Add a version of the model next.'
    : 'No tenant sees it. Publish it once all is right.';
}

function Standing({ listing }: { readonly listing: Listing }) {
  const { tone, words } = stateWords[listing.state];
  return (
    <Facts
      facts={[
        { name: 'State', value: <Status tone={tone}>{words}</Status> },
        { name: 'Product code', value: <Copyable what="product code">{listing.productCode}</Copyable> },
        { name: 'Version', value: listing.version ?? 'None yet' },
        { name: 'Prices', value: listing.dimensions.map(priceOf).join(', ') },
        { name: 'Requests', value: listing.contentTypes.join(', ') },
        { name: 'Answers', value: listing.accept },
      ]}
    />
  );
}

function Publish({ listing }: { readonly listing: Listing }) {
  return (
    <section aria-labelledby="publish" className="space-y-3">
      <h2 id="publish" className="text-lg">
        Publish
      </h2>
      <p className="max-w-3xl text-sm text-muted">
        Tenants will see this listing and its prices, and can subscribe. Its dimensions stay as they are from
        then on.
      </p>
      <PublishListingForm listing={listing} />
    </section>
  );
}

function Versions({
  listing,
  versions,
}: {
  readonly listing: Listing;
  readonly versions: readonly ListingVersion[];
}) {
  return (
    <section aria-labelledby="versions" className="space-y-3">
      <h2 id="versions" className="text-lg">
        Versions of the model
      </h2>
      {versions.length === 0 ? (
        <p className="text-sm text-muted">None yet. A listing is published with one.</p>
      ) : (
        <DataTable
          label="Versions"
          columns={[
            { label: 'Version' },
            { label: 'Model package' },
            { label: 'Instance type' },
            { label: 'Added' },
          ]}
        >
          {versions.map(({ version, modelPackageArn, instanceType, note, createdAt, createdBy }) => (
            <tr key={version}>
              <RowHead>{version}</RowHead>
              <Cell>
                <div>
                  <span className="font-mono text-xs [overflow-wrap:anywhere]">{modelPackageArn}</span>
                  {note === null ? null : <span className="block text-xs text-muted">{note}</span>}
                </div>
              </Cell>
              <Cell>{instanceType}</Cell>
              <Cell>
                <div>
                  <Instant at={createdAt} style="minute" />
                  <span className="block text-xs text-muted [overflow-wrap:anywhere]">by {createdBy}</span>
                </div>
              </Cell>
            </tr>
          ))}
        </DataTable>
      )}
      {listing.state === 'retired' ? null : (
        <AddVersionForm listing={listing} instanceType={versions[0]?.instanceType} />
      )}
    </section>
  );
}

function Retire({ listing }: { readonly listing: Listing }) {
  return (
    <section aria-labelledby="retire" className="space-y-3">
      <h2 id="retire" className="text-lg">
        Retire
      </h2>
      <p className="max-w-3xl text-sm text-muted">
        No tenant can subscribe to a listing that is retired. Those who have subscribed keep it until they
        cancel.
      </p>
      <RetireListingForm listing={listing} />
    </section>
  );
}
