'use server';

import { refresh } from 'next/cache';
import { scoreAllNow } from '@/lib/domain/scoring/verbs/score-all-now';
import { type ActionResult, action } from '@/lib/server/action';

/** Scores every customer again with the active version; the page then shows the progress. */
export const scoreAllNowAction = action(
  { action: scoreAllNow.action, scope: 'tenant' },
  async (context, _before: ActionResult<null> | null, _form: FormData): Promise<null> => {
    await scoreAllNow(context, undefined);
    refresh();
    return null;
  },
);
