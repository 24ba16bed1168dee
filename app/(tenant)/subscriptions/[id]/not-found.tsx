import type { Metadata } from 'next';
import Link from 'next/link';
import { Message } from '@/components/shell/message-page';
import { buttonStyle } from '@/components/ui/button';

export const metadata: Metadata = { title: 'Subscription not found' };

export default function SubscriptionNotFound() {
  return (
    <Message title="Subscription not found">
      <p>Your organisation has no subscription with this id.</p>
      <Link href="/subscriptions" className={buttonStyle('primary')}>
        Go to subscriptions
      </Link>
    </Message>
  );
}
