'use client';

import { type ReactNode, useActionState } from 'react';
import { ActionFailure } from '@/components/ui/action-failure';
import { SubmitButton } from '@/components/ui/submit-button';
import { requestWorkbenchAction } from '../actions';

/** Requests the workbench, only once however often the button is pressed. Shows errors next to the button. */
export function RequestForm({ children }: { readonly children: ReactNode }) {
  const [result, act] = useActionState(requestWorkbenchAction, null);
  return (
    <form action={act} className="space-y-5">
      {children}
      <ActionFailure title="The workbench was not requested" result={result} />
      <SubmitButton pendingLabel="Requesting…" leadsTo={['workbench']}>
        Request workbench
      </SubmitButton>
    </form>
  );
}
