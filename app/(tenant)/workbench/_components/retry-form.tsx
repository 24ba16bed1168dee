'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { retryStepAction } from '../actions';

/** Retries from the failed step. */
export function RetryForm({ requestId, attempt }: { readonly requestId: string; readonly attempt: number }) {
  return (
    <ActionForm act={retryStepAction} className="space-y-4">
      <input type="hidden" name="requestId" value={requestId} />
      <input type="hidden" name="attempt" value={attempt} />
      <ActionFailure title="The step was not retried" />
      <SubmitButton pendingLabel="Retrying…" leadsTo={['workbench']}>
        Retry from this step
      </SubmitButton>
    </ActionForm>
  );
}
