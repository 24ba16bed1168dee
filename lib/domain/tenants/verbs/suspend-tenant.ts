import { auditEvent } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { reasonInput } from '../schemas';

/**
 * Suspends an active tenant: its people are refused at their next request, whatever their session says, and its data is kept. Throws
 * `forbidden`, `not_found`, `invalid` without a reason; `conflict` for a tenant that is not active.
 */
export const suspendTenant = controlVerb('tenants.suspend', reasonInput, (ctx, { tenantId, reason }) =>
  ctx.ports.tenants.move(
    tenantId,
    { from: 'active', to: 'suspended' },
    auditEvent(ctx, {
      action: 'tenants.suspend',
      subject: `tenant/${tenantId}`,
      detail: { reason },
      before: { state: 'active' },
      after: { state: 'suspended' },
    }),
  ),
);
