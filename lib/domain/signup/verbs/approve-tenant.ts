import { controlVerb } from '@/lib/domain/verb';
import { checkPlan } from '../../onboarding/plan-choice';
import { admit } from '../admit';
import { approveInput } from '../schemas';

/**
 * Admits a tenant that signed up: its onboarding begins, with the person who signed up as its owner, who gets a mail. Throws `forbidden`,
 * `not_found`; `invalid` for a plan that cannot be given; `conflict` for one that is decided already.
 */
export const approveTenant = controlVerb(
  'tenants.approve',
  approveInput,
  async (ctx, { tenantId, planId }) => {
    await checkPlan(ctx, planId, null);
    await admit(ctx, tenantId, { id: ctx.actor.id, name: ctx.actor.name }, planId);
  },
);
