'use client';

import { useActionState } from 'react';
import { ActionFailure } from '@/components/ui/action-failure';
import { SubmitButton } from '@/components/ui/submit-button';
import { scoreAllNowAction } from '../actions';

/** Has all customers scored anew; says beside the button why that was not begun. */
export function ScoreAllForm() {
  const [result, act] = useActionState(scoreAllNowAction, null);
  return (
    <form action={act} className="flex flex-col items-end gap-3">
      <SubmitButton look="plain" pendingLabel="Beginning…">
        Score all now
      </SubmitButton>
      <ActionFailure title="The scoring was not begun" result={result} />
    </form>
  );
}
