import Link from 'next/link';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { listingsPage } from '../listings/page-info';

/** Where a seller stands. */
export function SellerPart() {
  return (
    <EmptyState title="You have no listings, and nothing needs you">
      <p>
        Once a model that you sell on AWS Marketplace is connected to Annex, this page says what needs you. No
        listing is connected to your account, and Annex can’t connect one yet.
      </p>
      <Link href={listingsPage.path} prefetch={false} className={buttonStyle('plain')}>
        {listingsPage.title}
      </Link>
    </EmptyState>
  );
}
