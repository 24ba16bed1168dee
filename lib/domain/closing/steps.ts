import { checkIsDue, nextCheckSeconds } from '../reconcile';
import { currentStep, pendingStep, type Step } from '../stepwise';
import { type Closing, type ClosingStepName, closingSteps } from './ports';

/** A new closing, whose data is kept until `deleteAfter`. */
export function newClosing(
  what: Pick<Closing, 'tenantId' | 'reason' | 'askedBy' | 'deleteAfter'>,
  at: Date,
): Closing {
  const steps: readonly Step<ClosingStepName>[] = closingSteps.map((name) =>
    name === 'notice' ? { ...pendingStep(name), state: 'running', startedAt: at } : pendingStep(name),
  );
  return {
    ...what,
    state: 'running',
    steps,
    counts: null,
    left: [],
    certificate: null,
    attempt: 1,
    askedAt: at,
    updatedAt: at,
    revision: 1,
  };
}

/** Whether nothing more happens by itself. */
export const isOver = ({ state }: Pick<Closing, 'state'>): boolean => state !== 'running';

/** Whether the data is kept: nothing was deleted, and the tenant can still be kept. */
export function isKept(closing: Pick<Closing, 'steps'>): boolean {
  const step = currentStep(closing);
  return step !== null && closingSteps.indexOf(step.name) <= closingSteps.indexOf('grace');
}

/** Seconds from the last write to the next check; null while the sweep finds it when its time has come. */
export function secondsToNextCheck(closing: Closing, at: Date): number | null {
  const step = currentStep(closing);
  if (step?.name === 'grace' && closing.deleteAfter > at) return null;
  const since = step?.startedAt ?? closing.askedAt;
  return nextCheckSeconds(closing.updatedAt.getTime() - since.getTime(), 60);
}

export function isCheckDue(closing: Closing, at: Date): boolean {
  const seconds = secondsToNextCheck(closing, at);
  return seconds !== null && checkIsDue(closing, seconds, at);
}
