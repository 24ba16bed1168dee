'use client';

import { Failure } from '@/components/shell/failure';
import { MessagePage } from '@/components/shell/message-page';
import './globals.css';

export default function GlobalError({
  error,
  retry,
}: {
  readonly error: unknown;
  readonly retry: () => void;
}) {
  return (
    <html lang="en">
      <body>
        <title>This page failed to load · Annex</title>
        <MessagePage title="This page failed to load">
          <Failure error={error} retry={retry} />
        </MessagePage>
      </body>
    </html>
  );
}
