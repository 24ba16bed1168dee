'use client';

import { MessagePage } from '@/components/shell/message-page';
import { buttonStyle } from '@/components/ui/button';

/** What stands in for a page that does not exist. */
export function NotFoundMessage() {
  return (
    <MessagePage title="Page not found">
      <p>The address may be mistyped, or the page no longer exists.</p>
      <a href="/" className={buttonStyle('primary')}>
        Go to your start page
      </a>
    </MessagePage>
  );
}
