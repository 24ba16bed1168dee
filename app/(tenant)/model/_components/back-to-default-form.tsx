'use client';

import { useActionState } from 'react';
import { ActionFailure } from '@/components/ui/action-failure';
import { SubmitButton } from '@/components/ui/submit-button';
import { backToDefaultAction } from '../actions';

/** Makes the built-in model the source of the scores. */
export function BackToDefaultForm() {
  const [result, act] = useActionState(backToDefaultAction, null);
  return (
    <form action={act} className="space-y-3">
      <ActionFailure title="The model is still in use" result={result} />
      <SubmitButton variant="plain" pendingLabel="Switching…" leadsTo={['model']}>
        Switch to built-in model
      </SubmitButton>
    </form>
  );
}
