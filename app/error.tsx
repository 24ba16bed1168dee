'use client';

import { Failure } from '@/components/shell/failure';
import { MessagePage } from '@/components/shell/message-page';

export default function ErrorPage({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  return (
    <MessagePage title="This page failed to load">
      <Failure error={error} retry={retry} />
    </MessagePage>
  );
}
