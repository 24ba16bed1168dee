import { auditEvent } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { tenantInput } from '../schemas';

/** Lets the people of a suspended tenant in again, after they sign in anew. Throws `forbidden`, `not_found`; `conflict` for one that is not suspended. */
export const resumeTenant = controlVerb('tenants.resume', tenantInput, (ctx, { tenantId }) =>
  ctx.ports.tenants.move(
    tenantId,
    { from: 'suspended', to: 'active' },
    auditEvent(ctx, {
      action: 'tenants.resume',
      subject: `tenant/${tenantId}`,
      before: { state: 'suspended' },
      after: { state: 'active' },
    }),
  ),
);
