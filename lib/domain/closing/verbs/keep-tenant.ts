import { auditEvent } from '@/lib/domain/audit/record';
import { touched } from '@/lib/domain/reconcile';
import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { existing } from '../existing';
import type { Closing } from '../ports';
import { ofTenant } from '../schemas';
import { isKept } from '../steps';

/**
 * Takes the closing of a tenant back while its data is kept. The tenant is suspended then, until somebody resumes it. Throws `forbidden`,
 * `not_found`; `conflict` once anything was deleted.
 */
export const keepTenant = controlVerb('tenants.close', ofTenant, async (ctx, { tenantId }) => {
  const closing = await existing(ctx, tenantId);
  const under = closing.state === 'running' || closing.state === 'failed';
  if (!under || !isKept(closing) || closing.deleteAfter <= ctx.now()) {
    throw new AnnexError('conflict', 'The time for which the data is kept is over. Reload the page.');
  }
  const event = auditEvent(ctx, {
    action: 'tenants.close',
    subject: `tenant/${tenantId}`,
    detail: { kept: true },
    before: { state: 'closing' },
    after: { state: 'suspended' },
  });
  await ctx.ports.closings.update(
    touched<Closing>({ ...closing, state: 'cancelled' }, ctx.now()),
    event,
    'suspended',
  );
});
