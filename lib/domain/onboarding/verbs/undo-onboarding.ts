import { auditEvent } from '@/lib/domain/audit/record';
import { touched } from '@/lib/domain/reconcile';
import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { existing } from '../existing';
import type { Onboarding } from '../ports';
import { ofTenant } from '../schemas';

/**
 * Takes a set-up back that has failed: removes the owner's user and closes the tenant. Throws `forbidden`, `not_found`; `conflict` while
 * it is not failed, and once AWS has created an account, which lasts.
 */
export const undoOnboarding = controlVerb('tenants.onboard', ofTenant, async (ctx, { tenantId }) => {
  const present = await existing(ctx, tenantId);
  if (present.state === 'undoing' || present.state === 'undone') return;
  if (present.state !== 'failed') {
    throw new AnnexError('conflict', 'Only a set-up that has failed can be undone. Reload the page.');
  }
  if ((await ctx.ports.tenants.get(tenantId))?.accountId) {
    throw new AnnexError(
      'conflict',
      'AWS has already created an account for this tenant, which cannot be taken back. Close the tenant instead.',
    );
  }
  const event = auditEvent(ctx, {
    action: 'tenants.onboard',
    subject: `tenant/${tenantId}`,
    detail: { undo: true },
    key: `${tenantId}/undo`,
  });
  await ctx.ports.onboardings.update(touched<Onboarding>({ ...present, state: 'undoing' }, ctx.now()), event);
  await ctx.ports.jobs.send({ kind: 'tenants.onboard', tenantId });
});
