import Link from 'next/link';
import { Message } from '@/components/shell/message-page';
import { buttonLook } from '@/components/ui/button';

export default function CustomerNotFound() {
  return (
    <Message title="There is no such customer">
      <p>No customer of yours has this id. Ids are compared letter by letter, as they were imported.</p>
      <Link href="/customers" className={buttonLook('primary')}>
        Go to the customers
      </Link>
    </Message>
  );
}
