import { type Month, monthOf } from '../month';
import type { PlanLimits } from '../plans/ports';
import { type BudgetPercent, budgetPercents, type SpendStanding } from './ports';

/** Where a tenant stands against its budget, by what Annex measured. */
export interface BudgetStanding {
  readonly month: Month;
  /** USD measured in the month. */
  readonly spent: number;
  /** USD of the plan; null: no limit. */
  readonly budget: number | null;
  /** The highest share that was reached; null: none, or no budget. */
  readonly reached: BudgetPercent | null;
  /** Whether the brake is on: apps are stopped, and new work is refused. */
  readonly brakes: boolean;
}

/** USD that `standing` has for the month of `now`; a measurement from before the month began says nothing of it. */
const spentIn = (standing: SpendStanding | null, now: Date): number =>
  standing?.month === monthOf(now) ? standing.usd : 0;

/** The standing at `now`. It follows the plan at once: a budget that was raised takes the brake off. */
export function budgetStanding(
  standing: SpendStanding | null,
  { monthlyBudgetUsd: budget, budgetBrake }: Pick<PlanLimits, 'monthlyBudgetUsd' | 'budgetBrake'>,
  now: Date,
): BudgetStanding {
  const spent = spentIn(standing, now);
  const reached = budget === null ? null : reachedShare(spent, budget);
  return { month: monthOf(now), spent, budget, reached, brakes: reached === 100 && budgetBrake === 'stop' };
}

/** USD of a share of a budget. */
export const usdAt = (percent: BudgetPercent, budget: number): number => (budget * percent) / 100;

const reachedShare = (spent: number, budget: number): BudgetPercent | null =>
  budgetPercents.filter((percent) => spent >= usdAt(percent, budget)).at(-1) ?? null;
