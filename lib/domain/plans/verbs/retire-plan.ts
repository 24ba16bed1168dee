import { auditEvent } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { planInput } from '../schemas';

/** Retires a plan, which no tenant is given from then on. Throws `forbidden`, `not_found`; `conflict` while a tenant has it, and for the default. */
export const retirePlan = controlVerb('plans.retire', planInput, (ctx, { id }) =>
  ctx.ports.plans.retire(id, auditEvent(ctx, { action: 'plans.retire', subject: `plan/${id}` })),
);
