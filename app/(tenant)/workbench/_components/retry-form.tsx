'use client';

import { useActionState } from 'react';
import { Notice } from '@/components/ui/notice';
import { SubmitButton } from '@/components/ui/submit-button';
import { retryStepAction } from '../actions';

/** Retries from the failed step. */
export function RetryForm({ requestId, attempt }: { readonly requestId: string; readonly attempt: number }) {
  const [result, act] = useActionState(retryStepAction, null);
  return (
    <form action={act} className="space-y-4">
      <input type="hidden" name="requestId" value={requestId} />
      <input type="hidden" name="attempt" value={attempt} />
      {result?.ok === false ? (
        <Notice tone="alarm" title="The step was not retried">
          {result.error.message}
        </Notice>
      ) : null}
      <SubmitButton pendingLabel="Retrying…">Retry from this step</SubmitButton>
    </form>
  );
}
