import { auditEvent } from '@/lib/domain/audit/record';
import { addDays } from '@/lib/domain/time';
import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { closeInput } from '../schemas';
import { newClosing } from '../steps';

/**
 * Begins to close a tenant: its people are refused at once, its owners are told and can export, its data is kept for the days of grace, and
 * then deleted. Throws `forbidden`, `not_found`, `invalid` with the field; `conflict` for a tenant that is neither active nor suspended,
 * or is being set up.
 */
export const closeTenant = controlVerb('tenants.close', closeInput, async (ctx, { tenantId, reason }) => {
  const { closings, closingTerms, onboardings, tenants, jobs } = ctx.ports;
  const tenant = await tenants.get(tenantId);
  if (!tenant) throw new AnnexError('not_found', `Tenant ${tenantId} does not exist.`);
  const onboarding = await onboardings.get(tenantId);
  if (onboarding?.state === 'running' || onboarding?.state === 'undoing') {
    throw new AnnexError(
      'conflict',
      `${tenant.name} is still being set up. Wait until its onboarding is over.`,
    );
  }
  const { id, name } = ctx.actor;
  const at = ctx.now();
  const deleteAfter = addDays(at, closingTerms.current().graceDays);
  const closing = newClosing({ tenantId, reason, deleteAfter, askedBy: { id, name } }, at);
  const event = auditEvent(ctx, {
    action: 'tenants.close',
    subject: `tenant/${tenantId}`,
    result: 'asked',
    detail: { reason, deleteAfter: deleteAfter.toISOString() },
    before: { state: tenant.state },
    after: { state: 'closing' },
  });
  await closings.begin(closing, ['active', 'suspended'], event);
  await jobs.send({ kind: 'tenants.close', tenantId });
  return closing;
});
