import Link from 'next/link';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { NextStep } from '@/components/ui/next-step';
import type { Listing } from '@/lib/domain/marketplace/listing';
import { newListingPage } from '../listings/new/page-info';
import { listingsPage } from '../listings/page-info';
import { listingHref } from '../listings/words';

/** Where a seller stands, by the newest listings. */
export function SellerPart({ listings }: { readonly listings: readonly Listing[] }) {
  const [newest] = listings;
  if (!newest) {
    return (
      <EmptyState title="You have no listings, and nothing needs you">
        <p>
          A listing connects a model that you sell on AWS Marketplace to Annex. Tenants subscribe to it and
          call it through Annex.
        </p>
        <Link href={newListingPage.path} prefetch={false} className={buttonStyle('primary')}>
          {newListingPage.title}
        </Link>
      </EmptyState>
    );
  }
  const draft = listings.find(({ state }) => state === 'draft');
  if (!draft) {
    return (
      <NextStep links={[{ href: listingsPage.path, label: listingsPage.title }]}>
        nothing needs you. Your newest listing is {newest.title}.
      </NextStep>
    );
  }
  return (
    <NextStep links={[{ href: listingHref(draft.id), label: draft.title }]}>
      {draft.version === null
        ? 'a draft has no version of the model yet. Add one, and publish it.'
        : 'a draft is ready. Publish it, so that tenants can subscribe.'}
    </NextStep>
  );
}
