import { auditEvent } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { reasonInput } from '../schemas';

/**
 * Suspends an active tenant: its people are refused at their next request, whatever their session says, and its data is kept. Its apps
 * and its queued work are stopped by a job, which is sent before anything changes, so that it comes even if the process ends; until
 * the change is there, it waits. Throws `forbidden`, `not_found`, `invalid` without a reason; `conflict` for a tenant that is not
 * active.
 */
export const suspendTenant = controlVerb(
  'tenants.suspend',
  reasonInput,
  async (ctx, { tenantId, reason }) => {
    const { tenants, jobs } = ctx.ports;
    const asked = ctx.now().toISOString();
    await jobs.send({ kind: 'tenants.quiet', tenantId, asked }, { delaySeconds: 1 });
    await tenants.move(
      tenantId,
      { from: 'active', to: 'suspended' },
      auditEvent(ctx, {
        action: 'tenants.suspend',
        subject: `tenant/${tenantId}`,
        detail: { reason },
        before: { state: 'active' },
        after: { state: 'suspended' },
      }),
    );
  },
);
