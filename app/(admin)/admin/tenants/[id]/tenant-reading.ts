import type { TimelineReading } from '@/components/data/timeline';
import type { Closing } from '@/lib/domain/closing/ports';
import type { Onboarding } from '@/lib/domain/onboarding/ports';
import { isOver } from '@/lib/domain/onboarding/steps';
import { currentStep, type Step } from '@/lib/domain/stepwise';
import { closingWords, onboardingWords } from '../words';

/** How the closing of a tenant stood at `now`. */
export function closingReading(closing: Closing, now: Date): TimelineReading {
  const { tenantId, attempt, state, steps, deleteAfter } = closing;
  return {
    at: now.toISOString(),
    // During the days of grace nothing happens.
    underWay: state === 'running' && (currentStep(closing)?.name !== 'grace' || deleteAfter <= now),
    mark: `${tenantId}/closing/${attempt}/${state}/${currentStep(closing)?.name}`,
    words: wordsOfClosing(closing),
    steps: timelineSteps(steps, closingWords),
  };
}

function wordsOfClosing(closing: Closing): string {
  const step = currentStep(closing);
  const title = step ? closingWords[step.name].title : '';
  switch (closing.state) {
    case 'done':
      return 'The tenant is closed';
    case 'running':
      return step?.name === 'grace' ? 'Everything is kept' : `In progress: ${title}`;
    case 'failed':
      return `A step failed: ${title}`;
    case 'cancelled':
      return 'Taken back';
  }
}

const timelineSteps = <N extends string>(
  steps: readonly Step<N>[],
  words: Readonly<Record<N, { readonly title: string; readonly purpose: string }>>,
): TimelineReading['steps'] =>
  steps.map((step) => ({
    ...step,
    ...words[step.name],
    startedAt: step.startedAt?.toISOString() ?? null,
    finishedAt: step.finishedAt?.toISOString() ?? null,
    usual: null,
  }));

/** How a tenant's onboarding stood at `now`. */
export function onboardingReading(onboarding: Onboarding, now: Date): TimelineReading {
  const { tenantId, attempt, state, steps } = onboarding;
  return {
    at: now.toISOString(),
    underWay: !isOver(onboarding),
    mark: `${tenantId}/${attempt}/${state}`,
    words: wordsOf(onboarding),
    steps: timelineSteps(steps, onboardingWords),
  };
}

function wordsOf(onboarding: Onboarding): string {
  const step = currentStep(onboarding);
  const title = step ? onboardingWords[step.name].title : '';
  switch (onboarding.state) {
    case 'done':
      return 'The tenant is set up';
    case 'running':
      return `In progress: ${title}`;
    case 'failed':
      return `A step failed: ${title}`;
    case 'undoing':
      return 'Being undone';
    case 'undone':
      return 'Undone';
  }
}
