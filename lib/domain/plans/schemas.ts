import { z } from 'zod';
import { budgetBrakes } from './ports';

const id = z
  .string()
  .trim()
  .min(2, 'Use at least two characters.')
  .max(40, 'Use at most 40 characters.')
  .regex(/^[a-z0-9](-?[a-z0-9])+$/, 'Use small letters a to z, digits and single hyphens between them.');
const name = z.string().trim().min(1, 'Enter a name.').max(60, 'Use at most 60 characters.');
const note = z
  .string()
  .trim()
  .max(500, 'Use at most 500 characters.')
  .nullish()
  .transform((text) => text || null);

const count = (most: number) => {
  const text = `Enter a whole number from 1 to ${most.toLocaleString('en-US')}, or nothing for no limit.`;
  return z.number(text).int(text).min(1, text).max(most, text).nullable();
};

const limits = z.object({
  /** Null: all that there are. */
  variants: z
    .array(z.string().min(1).max(100))
    .min(1, 'Choose at least one workbench, or all.')
    .max(100, 'Choose at most 100 workbenches.')
    .readonly()
    .transform((ids) => [...new Set(ids)])
    .nullable(),
  people: count(100_000),
  extractsPerDay: count(10_000),
  runsAtOnce: count(1000),
  endpoints: count(1000),
  monthlyBudgetUsd: count(10_000_000),
  budgetBrake: z.enum(budgetBrakes, 'Choose what happens when the budget is used up.'),
});

export const planInput = z.object({ id: z.string().min(1).max(64) });
export const createPlanInput = z.object({ id, name, limits, note });
/** `base`: the newest version that the author saw. */
export const changePlanInput = z.object({
  id: z.string().min(1).max(64),
  base: z.number().int().min(0),
  limits,
  note,
});
/** `from`: the plan that the administrator saw the tenant have. */
export const assignPlanInput = z.object({
  tenantId: z.string().min(1).max(64),
  from: z.string().min(1).max(64),
  to: z.string().min(1, 'Choose a plan.').max(64),
});
export const planOfTenantInput = z.object({ tenantId: z.string().min(1).max(64) });
