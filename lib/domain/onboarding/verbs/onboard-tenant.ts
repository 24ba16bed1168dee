import { auditEvent } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { checkPlan } from '../plan-choice';
import { onboardInput } from '../schemas';
import { newOnboarding } from '../steps';

/**
 * Adds a tenant and begins to set it up: its role, extract policy and first owner, and the workbench if `variantId` names one. Throws
 * `forbidden`; `invalid` with the field, also for a plan that cannot be given or does not include the workbench; `conflict` with the field for an id or a name that is taken.
 */
export const onboardTenant = controlVerb(
  'tenants.onboard',
  onboardInput,
  async (ctx, { name, planId, ...input }) => {
    await checkPlan(ctx, planId, input.variantId);
    const { id, name: by } = ctx.actor;
    const onboarding = newOnboarding({ ...input, ownerId: null, askedBy: { id, name: by } }, ctx.now());
    const { tenantId, ownerEmail, variantId } = onboarding;
    const event = auditEvent(ctx, {
      action: 'tenants.onboard',
      subject: `tenant/${tenantId}`,
      detail: { name, owner: ownerEmail, workbench: variantId, plan: planId },
      key: tenantId,
    });
    await ctx.ports.onboardings.create({ name, planId }, onboarding, event);
    await ctx.ports.jobs.send({ kind: 'tenants.onboard', tenantId });
    return onboarding;
  },
);
