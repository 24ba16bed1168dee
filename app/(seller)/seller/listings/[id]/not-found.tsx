import type { Metadata } from 'next';
import Link from 'next/link';
import { Message } from '@/components/shell/message-page';
import { buttonStyle } from '@/components/ui/button';

export const metadata: Metadata = { title: 'Listing not found' };

export default function ListingNotFound() {
  return (
    <Message title="Listing not found">
      <p>You have no listing with this id.</p>
      <Link href="/seller/listings" className={buttonStyle('primary')}>
        Go to listings
      </Link>
    </Message>
  );
}
