import { auditEvent } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { createPlanInput } from '../schemas';
import { auditedLimits, checkVariants } from '../write';

/** Adds a plan, which no tenant has yet. Throws `forbidden`; `invalid` with the field; `conflict` with the field for an id or a name that is taken. */
export const createPlan = controlVerb(
  'plans.create',
  createPlanInput,
  async (ctx, { id, name, limits, note }): Promise<void> => {
    await checkVariants(ctx, limits);
    const author = { id: ctx.actor.id, name: ctx.actor.name };
    const event = auditEvent(ctx, {
      action: 'plans.create',
      subject: `plan/${id}`,
      detail: { name, note },
      after: auditedLimits(limits),
    });
    await ctx.ports.plans.create({ id, name }, { limits, note, author }, event);
  },
);
