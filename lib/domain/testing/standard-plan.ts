import type { PlanBook, PlanInForce, PlanLimits, PlanSummary } from '../plans/ports';
import { withTheRest } from './untouchable';

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

/** The control plane’s plans where there is only the standard one, with other limits. */
export const standardPlans = (limits: () => Partial<PlanLimits>): PlanBook => {
  const summary = (): PlanSummary => ({
    id: 'standard',
    name: 'Standard',
    createdAt: new Date(0),
    retiredAt: null,
    tenants: 1,
    newest: {
      planId: 'standard',
      version: 1,
      limits: { ...standardLimits, ...limits() },
      note: null,
      createdAt: new Date(0),
      createdBy: 'Annex',
    },
  });
  return withTheRest<PlanBook>({
    list: async () => [summary()],
    choices: async () => [summary()],
    get: async (id) => (id === 'standard' ? summary() : null),
    inForce: async (ids) => new Map(ids.map((id) => [id, standardPlan(limits())])),
  });
};
