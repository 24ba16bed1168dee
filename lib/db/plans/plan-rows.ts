import { type BudgetBrake, budgetBrakes, type PlanInForce, type PlanLimits } from '@/lib/domain/plans/ports';
import { Prisma } from '../generated/client';

export interface LimitsRow {
  readonly variants: readonly string[] | null;
  readonly people: number | null;
  readonly extractsPerDay: number | null;
  readonly runsAtOnce: number | null;
  readonly endpoints: number | null;
  readonly monthlyBudgetUsd: number | null;
  readonly budgetBrake: string;
}

/** Columns of `LimitsRow` from `plan_version`, as `v`. */
export const limitColumns = Prisma.raw(
  `v.variants, v.people, v.extracts_per_day AS "extractsPerDay", v.runs_at_once AS "runsAtOnce", v.endpoints,
   v.monthly_budget_usd AS "monthlyBudgetUsd", v.budget_brake AS "budgetBrake"`,
);

/** The newest version of the plan `p`, as `v`. */
export const newestVersion = Prisma.raw(
  'CROSS JOIN LATERAL (SELECT * FROM plan_version WHERE plan_id = p.id ORDER BY version DESC LIMIT 1) AS v',
);

/** Throws for a brake that it does not know: what stops costs must not be guessed. */
export function limitsOf(row: LimitsRow): PlanLimits {
  const budgetBrake = budgetBrakes.find((each): each is BudgetBrake => each === row.budgetBrake);
  if (!budgetBrake) throw new Error(`plan_version holds the brake ${row.budgetBrake}`);
  const { variants, people, extractsPerDay, runsAtOnce, endpoints, monthlyBudgetUsd } = row;
  return { variants, people, extractsPerDay, runsAtOnce, endpoints, monthlyBudgetUsd, budgetBrake };
}

export interface InForceRow extends LimitsRow {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

export const toInForce = (row: InForceRow): PlanInForce => {
  const { id, name, version } = row;
  return { id, name, version, limits: limitsOf(row) };
};
