'use client';

import { useActionState } from 'react';
import { Notice } from '@/components/ui/notice';
import { SubmitButton } from '@/components/ui/submit-button';
import { scoreAllNowAction } from '../actions';

/** Has all customers scored anew; says beside the button why that was not begun. */
export function ScoreAllForm() {
  const [result, act] = useActionState(scoreAllNowAction, null);
  return (
    <form action={act} className="flex flex-col items-end gap-3">
      <SubmitButton look="plain" pendingLabel="Starting…">
        Score all now
      </SubmitButton>
      {result?.ok === false ? (
        <Notice tone="alarm" title="Scoring was not started">
          {result.error.message}
        </Notice>
      ) : null}
    </form>
  );
}
