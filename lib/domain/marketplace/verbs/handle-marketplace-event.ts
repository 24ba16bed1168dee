import { auditEvent } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { marketplaceEventInput } from '../schemas';

/**
 * Keeps what AWS Marketplace said, and sends a job for each subscription that it concerns. Returns how many those are. Safe to repeat, in
 * any order.
 */
export const handleMarketplaceEvent = controlVerb(
  'subscriptions.provision',
  marketplaceEventInput,
  async (ctx, event): Promise<number> => {
    const concerned = await ctx.ports.agreements.record(event, ({ subscriptionId, title, before, after }) =>
      auditEvent(ctx, {
        action: 'subscriptions.provision',
        subject: `subscription/${subscriptionId}`,
        detail: { title },
        before: { state: before },
        after: { state: after },
        key: `${subscriptionId}/${event.kind}/${event.at.getTime()}/${after}`,
      }),
    );
    for (const { tenantId, subscriptionId } of concerned) {
      await ctx.ports.jobs.send({ kind: 'subscriptions.advance', tenantId, subscriptionId });
    }
    return concerned.length;
  },
);
