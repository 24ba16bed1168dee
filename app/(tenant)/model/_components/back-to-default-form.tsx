'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { backToDefaultAction } from '../actions';

/** Makes the built-in model the source of the scores. */
export function BackToDefaultForm() {
  return (
    <ActionForm act={backToDefaultAction} className="space-y-3">
      <ActionFailure title="The model is still in use" />
      <SubmitButton variant="plain" pendingLabel="Switching…" leadsTo={['model']}>
        Switch to built-in model
      </SubmitButton>
    </ActionForm>
  );
}
