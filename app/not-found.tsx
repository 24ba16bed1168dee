import type { Metadata } from 'next';
import { MessagePage } from '@/components/shell/message-page';
import { buttonLook } from '@/components/ui/button';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <MessagePage title="There is no such page">
      <p>The address may have been mistyped, or what stood here is gone.</p>
      <a href="/" className={buttonLook('primary')}>
        Go to your start page
      </a>
    </MessagePage>
  );
}
