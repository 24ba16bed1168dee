'use client';

import type { ReactNode } from 'react';
import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { requestWorkbenchAction } from '../actions';

/** Requests the workbench, only once however often the button is pressed. Shows errors next to the button. */
export function RequestForm({ children }: { readonly children: ReactNode }) {
  return (
    <ActionForm act={requestWorkbenchAction} className="space-y-5">
      {children}
      <ActionFailure title="The workbench was not requested" />
      <SubmitButton pendingLabel="Requesting…" leadsTo={['workbench']}>
        Request workbench
      </SubmitButton>
    </ActionForm>
  );
}
