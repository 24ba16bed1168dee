import type { Metadata } from 'next';
import Link from 'next/link';
import { Message } from '@/components/shell/message-page';
import { buttonStyle } from '@/components/ui/button';

export const metadata: Metadata = { title: 'Customer not found' };

export default function CustomerNotFound() {
  return (
    <Message title="Customer not found">
      <p>None of your customers has this id. Ids are case-sensitive and must match the import exactly.</p>
      <Link href="/customers" className={buttonStyle('primary')}>
        Go to customers
      </Link>
    </Message>
  );
}
