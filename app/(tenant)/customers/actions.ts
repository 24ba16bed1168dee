'use server';

import { refresh } from 'next/cache';
import { scoreAllNow } from '@/lib/domain/scoring/verbs/score-all-now';
import { type ActionResult, action } from '@/lib/server/action';

/** Has every customer scored anew by the active model; the page then shows how far that is. */
export const scoreAllNowAction = action(
  { action: scoreAllNow.action, scope: 'tenant' },
  async (context, _before: ActionResult<null> | null, _form: FormData): Promise<null> => {
    await scoreAllNow(context, undefined);
    refresh();
    return null;
  },
);
