'use client';

import { useActionState } from 'react';
import { ActionFailure } from '@/components/ui/action-failure';
import { SubmitButton } from '@/components/ui/submit-button';
import { scoreAllNowAction } from '../actions';

/** Scores all customers again. Shows next to the button why scoring could not start. */
export function ScoreAllForm() {
  const [result, act] = useActionState(scoreAllNowAction, null);
  return (
    <form action={act} className="flex flex-col items-end gap-3">
      <SubmitButton variant="plain" pendingLabel="Starting…" leadsTo={['scoring']}>
        Score all now
      </SubmitButton>
      <ActionFailure title="Scoring was not started" result={result} />
    </form>
  );
}
