import { getSubscription } from '@/lib/domain/marketplace/verbs/get-subscription';
import { route } from '@/lib/server/route';
import { readingOf } from '../reading';

/** The progress of a subscription. */
export const GET = route<'tenant', { readonly id: string }>(
  { action: getSubscription.action, scope: 'tenant' },
  async (context, _, { id }) => {
    const { subscription } = await getSubscription(context, { subscriptionId: id });
    return Response.json(readingOf(subscription, context.now()));
  },
);
