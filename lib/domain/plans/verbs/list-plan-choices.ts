import { controlVerb, nothing } from '@/lib/domain/verb';

/** The plans that a tenant can be given, by name. Throws `forbidden`. */
export const listPlanChoices = controlVerb('plans.list', nothing, (ctx) => ctx.ports.plans.choices());
