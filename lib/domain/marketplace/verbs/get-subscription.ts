import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { subscriptionInput } from '../schemas';

/** An own subscription with its listing. Throws `forbidden`, `not_found`. */
export const getSubscription = tenantVerb(
  'subscriptions.view',
  subscriptionInput,
  async (ctx, { subscriptionId }) => {
    const subscription = await ctx.ports.subscriptions.get(subscriptionId);
    const listing = subscription && (await ctx.ports.market.get(subscription.listingId));
    if (!subscription || !listing) {
      throw new AnnexError('not_found', 'Your organisation has no subscription with this id.');
    }
    return { subscription, listing };
  },
);
