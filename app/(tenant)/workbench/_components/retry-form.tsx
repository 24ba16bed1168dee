'use client';

import { useActionState } from 'react';
import { ActionFailure } from '@/components/ui/action-failure';
import { SubmitButton } from '@/components/ui/submit-button';
import { retryStepAction } from '../actions';

/** Retries from the failed step. */
export function RetryForm({ requestId, attempt }: { readonly requestId: string; readonly attempt: number }) {
  const [result, act] = useActionState(retryStepAction, null);
  return (
    <form action={act} className="space-y-4">
      <input type="hidden" name="requestId" value={requestId} />
      <input type="hidden" name="attempt" value={attempt} />
      <ActionFailure title="The step was not retried" result={result} />
      <SubmitButton pendingLabel="Retrying…" leadsTo={['workbench']}>
        Retry from this step
      </SubmitButton>
    </form>
  );
}
