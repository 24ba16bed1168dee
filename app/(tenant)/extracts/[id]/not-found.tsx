import type { Metadata } from 'next';
import Link from 'next/link';
import { Message } from '@/components/shell/message-page';
import { buttonStyle } from '@/components/ui/button';

export const metadata: Metadata = { title: 'Extract not found' };

export default function ExtractNotFound() {
  return (
    <Message title="Extract not found">
      <p>No extract of your organisation has this id.</p>
      <Link href="/extracts" className={buttonStyle('primary')}>
        Go to extracts
      </Link>
    </Message>
  );
}
