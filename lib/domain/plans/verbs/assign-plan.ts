import { auditEvent } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { assignPlanInput } from '../schemas';

/**
 * Gives a tenant another plan, which holds at once. What the tenant has beyond its limits stays. Throws `forbidden`, `not_found`; `conflict`
 * if it no longer has the plan `from`, and for a retired plan. Giving it the plan that it has changes nothing.
 */
export const assignPlan = controlVerb(
  'plans.assign',
  assignPlanInput,
  async (ctx, { tenantId, from, to }): Promise<void> => {
    if (from === to) return;
    const event = auditEvent(ctx, {
      action: 'plans.assign',
      subject: `tenant/${tenantId}`,
      before: { plan: from },
      after: { plan: to },
    });
    await ctx.ports.plans.assign(tenantId, { from, to }, event);
  },
);
