import { checkIsDue, nextCheckSeconds, touched } from '../reconcile';
import { type Onboarding, type OnboardingStep, type OnboardingStepName, onboardingSteps } from './ports';

/** A new onboarding. The tenant's row is added together with it, so its first step is done. */
export function newOnboarding(
  what: Pick<Onboarding, 'tenantId' | 'ownerEmail' | 'ownerId' | 'variantId' | 'askedBy'>,
  at: Date,
): Onboarding {
  const steps = onboardingSteps
    .filter((name) => name !== 'workbench' || what.variantId !== null)
    .map((name) => pending(name));
  const started: Onboarding = {
    ...what,
    state: 'running',
    steps,
    attempt: 1,
    askedAt: at,
    updatedAt: at,
    revision: 1,
  };
  return finished(started, 'tenant', at);
}

/** The first step that is not done; null when all are. */
export const currentStep = ({ steps }: Pick<Onboarding, 'steps'>): OnboardingStep | null =>
  steps.find(({ state }) => state !== 'done') ?? null;

/** The onboarding after `name` ended well; the next step begins at once. */
export function finished(onboarding: Onboarding, name: OnboardingStepName, at: Date): Onboarding {
  const done = withStep(onboarding, name, (step) => ({
    ...step,
    state: 'done',
    startedAt: step.startedAt ?? at,
    finishedAt: at,
    reason: null,
  }));
  const next = currentStep(done);
  if (!next) return touched<Onboarding>({ ...done, state: 'done' }, at);
  return touched(
    withStep(done, next.name, (step) => ({ ...step, state: 'running', startedAt: at })),
    at,
  );
}

export function failed(
  onboarding: Onboarding,
  name: OnboardingStepName,
  reason: string,
  at: Date,
): Onboarding {
  const { steps } = withStep(onboarding, name, (step) => ({
    ...step,
    state: 'failed',
    finishedAt: at,
    reason,
  }));
  return touched({ ...onboarding, steps, state: 'failed' }, at);
}

/** A failed onboarding whose failed step is tried again. */
export function retried(onboarding: Onboarding, at: Date): Onboarding {
  const steps = onboarding.steps.map((step) =>
    step.state === 'failed'
      ? ({ ...pending(step.name), state: 'running', startedAt: at } satisfies OnboardingStep)
      : step,
  );
  return touched({ ...onboarding, steps, state: 'running', attempt: onboarding.attempt + 1 }, at);
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

function pending(name: OnboardingStepName): OnboardingStep {
  return { name, state: 'pending', startedAt: null, finishedAt: null, reason: null };
}

function withStep(
  onboarding: Onboarding,
  name: OnboardingStepName,
  change: (step: OnboardingStep) => OnboardingStep,
): Onboarding {
  return { ...onboarding, steps: onboarding.steps.map((step) => (step.name === name ? change(step) : step)) };
}
