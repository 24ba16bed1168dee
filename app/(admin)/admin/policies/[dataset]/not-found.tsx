import type { Metadata } from 'next';
import Link from 'next/link';
import { Message } from '@/components/shell/message-page';
import { buttonStyle } from '@/components/ui/button';

export const metadata: Metadata = { title: 'Policy not found' };

export default function PolicyNotFound() {
  return (
    <Message title="Policy not found">
      <p>There is no such dataset, or no tenant with this id.</p>
      <Link href="/admin/policies" className={buttonStyle('primary')}>
        Go to policies
      </Link>
    </Message>
  );
}
