'use client';

import type { ReactNode } from 'react';
import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { cancelExtractAction, retryExtractAction } from '../../actions';

const presses = {
  cancel: {
    act: cancelExtractAction,
    label: 'Cancel extract',
    pending: 'Cancelling…',
    failed: 'The extract was not cancelled',
  },
  retry: {
    act: retryExtractAction,
    label: 'Retry extract',
    pending: 'Retrying…',
    failed: 'The extract was not retried',
  },
} as const;

/** A form with one button that acts on the extract. */
export function PressForm({
  press,
  requestId,
  attempt,
  children,
}: {
  readonly press: keyof typeof presses;
  readonly requestId: string;
  readonly attempt: number;
  readonly children?: ReactNode;
}) {
  const { act, label, pending, failed } = presses[press];
  return (
    <ActionForm act={act} className="space-y-3">
      <input type="hidden" name="requestId" value={requestId} />
      <input type="hidden" name="attempt" value={attempt} />
      <ActionFailure title={failed} />
      <div className="flex flex-wrap gap-2">
        <SubmitButton
          pendingLabel={pending}
          leadsTo={['extract']}
          variant={press === 'cancel' ? 'plain' : 'primary'}
        >
          {label}
        </SubmitButton>
        {children}
      </div>
    </ActionForm>
  );
}
