import { auditEvent } from '@/lib/domain/audit/record';
import { retriedStep } from '@/lib/domain/stepwise';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { retrySubscriptionInput } from '../schemas';

/** Tries the failed step of a deployment again. Throws `forbidden`, `not_found`; `conflict` if it is not that attempt that failed. */
export const retrySubscription = tenantVerb(
  'subscriptions.retry',
  retrySubscriptionInput,
  async (ctx, { subscriptionId, attempt }): Promise<void> => {
    const subscription = await ctx.ports.subscriptions.get(subscriptionId);
    if (!subscription) {
      throw new AnnexError('not_found', 'Your organisation has no subscription with this id.');
    }
    if (subscription.state !== 'failed' || subscription.attempt !== attempt) {
      throw new AnnexError(
        'conflict',
        'This attempt did not fail, or it was retried already. Reload the page.',
      );
    }
    const next = retriedStep(subscription, ctx.now());
    const event = auditEvent(ctx, {
      action: 'subscriptions.retry',
      subject: `subscription/${subscriptionId}`,
      result: 'asked',
      detail: { attempt: next.attempt },
    });
    await ctx.ports.subscriptions.update(next, event);
    await ctx.ports.jobs.send({ kind: 'subscriptions.advance', subscriptionId }, { delaySeconds: 1 });
  },
);
