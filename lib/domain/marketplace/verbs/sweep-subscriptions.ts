import { resumeStalled } from '@/lib/domain/sweep';
import { controlVerb } from '@/lib/domain/verb';
import { sweepSubscriptionsInput } from '../schemas';

const limit = 100;

/** Sends jobs for subscriptions that stand still, each at most once per `untouchedSeconds`. Returns how many it sent. */
export const sweepSubscriptions = controlVerb(
  'subscriptions.advance',
  sweepSubscriptionsInput,
  (ctx, input) => {
    const { agreements, jobs } = ctx.ports;
    return resumeStalled(
      ctx,
      input,
      async (after) => {
        const { subscriptions, next } = await agreements.open({ limit, after });
        return { found: subscriptions.map((each) => ({ ...each, requestId: each.subscriptionId })), next };
      },
      async ({ tenantId, requestId, updatedAt }) => {
        await jobs.send({ kind: 'subscriptions.advance', tenantId, subscriptionId: requestId });
        ctx.log.info({ tenant: tenantId, subscription: requestId, updatedAt }, 'advancing a subscription');
      },
    );
  },
);
