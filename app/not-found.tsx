import type { Metadata } from 'next';
import { MessagePage } from '@/components/shell/message-page';
import { buttonStyle } from '@/components/ui/button';

export const metadata: Metadata = { title: 'Page not found' };

export default function NotFound() {
  return (
    <MessagePage title="Page not found">
      <p>The address may be mistyped, or the page no longer exists.</p>
      <a href="/" className={buttonStyle('primary')}>
        Go to your start page
      </a>
    </MessagePage>
  );
}
