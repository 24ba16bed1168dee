'use client';

import { Failure } from '@/components/shell/failure';
import { Message } from '@/components/shell/message-page';

export default function ErrorPage({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  return (
    <Message title="This page failed">
      <Failure error={error} retry={retry} />
    </Message>
  );
}
