import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { type PlanStep, stepsOf } from '../differences';
import type { PlanSummary } from '../ports';
import { planInput } from '../schemas';

/** How many versions are shown. */
const shownVersions = 50;

export interface PlanView {
  readonly plan: PlanSummary;
  /** Newest first. */
  readonly steps: readonly PlanStep[];
  /** Whether there are older versions than those of `steps`. */
  readonly more: boolean;
}

/** A plan with its latest versions, and what each changed. Throws `forbidden`, `not_found`. */
export const viewPlan = controlVerb('plans.view', planInput, async (ctx, { id }): Promise<PlanView> => {
  const [plan, versions] = await Promise.all([
    ctx.ports.plans.get(id),
    ctx.ports.plans.versions(id, shownVersions + 1),
  ]);
  if (!plan) throw new AnnexError('not_found', 'There is no plan with this id.');
  return { plan, steps: stepsOf(versions).slice(0, shownVersions), more: versions.length > shownVersions };
});
