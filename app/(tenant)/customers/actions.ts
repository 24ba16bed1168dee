'use server';

import { refresh } from 'next/cache';
import { scoreAllNow } from '@/lib/domain/scoring/verbs/score-all-now';
import { action } from '@/lib/server/action';

/** Scores every customer again with the active version; the page then shows the progress. */
export const scoreAllNowAction = action(
  { action: scoreAllNow.action, scope: 'tenant' },
  async (context, _before: unknown, _form: FormData): Promise<null> => {
    await scoreAllNow(context, undefined);
    refresh();
    return null;
  },
);
