import { controlVerb, nothing } from '@/lib/domain/verb';

/** All plans with their newest versions and how many tenants have each. Throws `forbidden`. */
export const listPlans = controlVerb('plans.list', nothing, (ctx) => ctx.ports.plans.list());
