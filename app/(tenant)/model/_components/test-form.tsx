'use client';

import type { ReactNode } from 'react';
import { useFormStatus } from 'react-dom';
import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { testEndpointAction } from '../actions';

/** Tests the endpoint that is chosen in `children`. */
export function TestForm({
  requests,
  children,
}: {
  /** How many requests a test sends at most. */
  readonly requests: number;
  readonly children: ReactNode;
}) {
  return (
    <ActionForm act={testEndpointAction} className="space-y-4">
      {children}
      <ActionFailure title="The endpoint was not tested" />
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <SubmitButton pendingLabel="Testing…" leadsTo={['report']}>
          Test endpoint
        </SubmitButton>
        <Hint requests={requests} />
      </div>
    </ActionForm>
  );
}

function Hint({ requests }: { readonly requests: number }) {
  const { pending } = useFormStatus();
  return (
    <p role="status" className="min-w-0 flex-1 basis-72 text-sm text-muted">
      {pending
        ? 'Testing the endpoint. This usually takes seconds, a minute at most. You can close this page; the report is kept.'
        : `Sends at most ${requests} requests with made-up customers. Your customers’ scores don’t change.`}
    </p>
  );
}
