import type { TimelineReading } from '@/components/data/timeline';
import type { Onboarding } from '@/lib/domain/onboarding/ports';
import { isOver } from '@/lib/domain/onboarding/steps';
import { currentStep } from '@/lib/domain/stepwise';
import { onboardingWords } from '../words';

/** How a tenant's onboarding stood at `now`. */
export function onboardingReading(onboarding: Onboarding, now: Date): TimelineReading {
  const { tenantId, attempt, state, steps } = onboarding;
  return {
    at: now.toISOString(),
    underWay: !isOver(onboarding),
    mark: `${tenantId}/${attempt}/${state}`,
    words: wordsOf(onboarding),
    steps: steps.map((step) => ({
      ...step,
      ...onboardingWords[step.name],
      startedAt: step.startedAt?.toISOString() ?? null,
      finishedAt: step.finishedAt?.toISOString() ?? null,
      usual: null,
    })),
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
