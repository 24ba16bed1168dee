import { checkIsDue, nextCheckSeconds } from '../reconcile';
import { currentStep, pendingStep, stepDone } from '../stepwise';
import { type Onboarding, onboardingSteps } from './ports';

/** A new onboarding. The tenant's row is added together with it, so its first step is done. */
export function newOnboarding(
  what: Pick<Onboarding, 'tenantId' | 'ownerEmail' | 'ownerId' | 'variantId' | 'askedBy'>,
  at: Date,
): Onboarding {
  const steps = onboardingSteps
    .filter((name) => name !== 'workbench' || what.variantId !== null)
    .map((name) => pendingStep(name));
  const started: Onboarding = {
    ...what,
    state: 'running',
    steps,
    attempt: 1,
    askedAt: at,
    updatedAt: at,
    revision: 1,
  };
  return stepDone(started, 'tenant', at);
}

/** Whether nothing more happens by itself. */
export const isOver = ({ state }: Pick<Onboarding, 'state'>): boolean =>
  state !== 'running' && state !== 'undoing';

/** Seconds from the last write to the next check. */
export function secondsToNextCheck(onboarding: Onboarding): number {
  const since = currentStep(onboarding)?.startedAt ?? onboarding.askedAt;
  return nextCheckSeconds(onboarding.updatedAt.getTime() - since.getTime(), 60);
}

export const isCheckDue = (onboarding: Onboarding, at: Date): boolean =>
  checkIsDue(onboarding, secondsToNextCheck(onboarding), at);
