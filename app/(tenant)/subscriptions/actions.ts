'use server';

import { redirect } from 'next/navigation';
import { retrySubscription } from '@/lib/domain/marketplace/verbs/retry-subscription';
import { action } from '@/lib/server/action';
import { subscriptionHref } from './words';

/** Tries the failed step of a deployment again. */
export const retrySubscriptionAction = action(
  { action: retrySubscription.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const subscriptionId = String(form.get('subscriptionId') ?? '');
    await retrySubscription(context, { subscriptionId, attempt: Number(form.get('attempt') || Number.NaN) });
    redirect(subscriptionHref(subscriptionId));
  },
);
