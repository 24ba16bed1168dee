'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { retrySubscriptionAction } from '../../actions';

/** Tries the failed step again. */
export function RetryForm({ id, attempt }: { readonly id: string; readonly attempt: number }) {
  return (
    <ActionForm act={retrySubscriptionAction} className="space-y-4">
      <input type="hidden" name="subscriptionId" value={id} />
      <input type="hidden" name="attempt" value={String(attempt)} />
      <ActionFailure title="The step was not retried" />
      <SubmitButton pendingLabel="Retrying…" leadsTo={['subscription']}>
        Retry from this step
      </SubmitButton>
    </ActionForm>
  );
}
