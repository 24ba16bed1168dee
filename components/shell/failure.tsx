'use client';

import { useTransition } from 'react';
import { Button } from '../ui/button';
import { Copyable } from '../ui/copy';
import { MessagePage } from './message-page';

export const failureTitle = 'This page failed to load';

interface Props {
  readonly error: unknown;
  readonly retry: () => void;
}

/** Shown for a page that failed unexpectedly: the reference and a button to try again. */
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
        A service that this page needs did not respond correctly. Everything you saved is kept. Try again. If
        the problem persists, tell your administrator.
      </p>
      {digest ? (
        <p className="text-sm text-muted">
          Reference:{' '}
          <Copyable what="reference" className="text-ink">
            {digest}
          </Copyable>
        </p>
      ) : null}
      <Button variant="primary" aria-disabled={pending} onClick={() => start(retry)}>
        Try again
      </Button>
    </div>
  );
}
