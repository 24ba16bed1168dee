'use server';

import { redirect } from 'next/navigation';
import { cancelExtract } from '@/lib/domain/extracts/verbs/cancel-extract';
import { retryExtract } from '@/lib/domain/extracts/verbs/retry-extract';
import { action } from '@/lib/server/action';

/** Cancels a queued or running extract. */
export const cancelExtractAction = action(
  { action: cancelExtract.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const { requestId } = await cancelExtract(context, { requestId: String(form.get('requestId')) });
    redirect(`/extracts/${requestId}`);
  },
);

/** Retries a failed extract. */
export const retryExtractAction = action(
  { action: retryExtract.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const { requestId } = await retryExtract(context, {
      requestId: String(form.get('requestId')),
      attempt: Number(form.get('attempt')),
    });
    redirect(`/extracts/${requestId}`);
  },
);
