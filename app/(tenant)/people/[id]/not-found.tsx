import type { Metadata } from 'next';
import Link from 'next/link';
import { Message } from '@/components/shell/message-page';
import { buttonStyle } from '@/components/ui/button';

export const metadata: Metadata = { title: 'Person not found' };

export default function PersonNotFound() {
  return (
    <Message title="Person not found">
      <p>Nobody of your organisation has this id.</p>
      <Link href="/people" className={buttonStyle('primary')}>
        Go to people
      </Link>
    </Message>
  );
}
