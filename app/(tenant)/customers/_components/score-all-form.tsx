'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { scoreAllNowAction } from '../actions';

/** Scores all customers again. Shows next to the button why scoring could not start. */
export function ScoreAllForm() {
  return (
    <ActionForm act={scoreAllNowAction} className="flex flex-col items-end gap-3">
      <SubmitButton variant="plain" pendingLabel="Starting…" leadsTo={['scoring']}>
        Score all now
      </SubmitButton>
      <ActionFailure title="Scoring was not started" />
    </ActionForm>
  );
}
