import type { PlanInForce, PlanLimits } from '../plans/ports';

/** The limits of the plan that every tenant has at first. */
export const standardLimits: PlanLimits = {
  variants: null,
  people: null,
  extractsPerDay: null,
  runsAtOnce: 2,
  endpoints: null,
  monthlyBudgetUsd: null,
  budgetBrake: 'warn',
};

/** The plan that every tenant has at first, with other limits. */
export const standardPlan = (limits: Partial<PlanLimits> = {}): PlanInForce => ({
  id: 'standard',
  name: 'Standard',
  version: 1,
  limits: { ...standardLimits, ...limits },
});
