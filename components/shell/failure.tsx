'use client';

import { useTransition } from 'react';
import { Button } from '../ui/button';
import { MessagePage } from './message-page';

export const failureTitle = 'This page failed';

interface Props {
  readonly error: unknown;
  readonly retry: () => void;
}

/** What stands in place of a page that failed for a reason nobody expected: that it did, under which reference, and how to try again. */
export function FailurePage(props: Props) {
  return (
    <MessagePage title={failureTitle}>
      <Failure {...props} />
    </MessagePage>
  );
}

function Failure({ error, retry }: Props) {
  const [pending, start] = useTransition();
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : null;
  return (
    <div role="alert" className="space-y-5">
      <p>
        Something that this page needs did not answer as it should. What you have saved is kept. Try again; if
        it stays so, tell your administrator.
      </p>
      {digest ? (
        <p className="text-sm text-muted">
          Reference: <code className="font-mono text-ink">{digest}</code>
        </p>
      ) : null}
      <Button look="primary" aria-disabled={pending} onClick={() => start(retry)}>
        Try again
      </Button>
    </div>
  );
}
