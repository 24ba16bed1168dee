import Link from 'next/link';
import { Message } from '@/components/shell/message-page';
import { buttonLook } from '@/components/ui/button';

export default function ExtractNotFound() {
  return (
    <Message title="There is no such extract">
      <p>No extract of your organisation has this id.</p>
      <Link href="/extracts" className={buttonLook('primary')}>
        Go to the extracts
      </Link>
    </Message>
  );
}
