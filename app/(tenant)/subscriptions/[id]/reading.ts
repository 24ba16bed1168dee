import type { TimelineReading } from '@/components/data/timeline';
import { isEntitled, isSettled, type Subscription } from '@/lib/domain/marketplace/subscription';
import { deploymentWords, stepWords } from '../../../_components/marketplace/words';

/** A subscription’s deployment as it stood at `now`. */
export const readingOf = (subscription: Subscription, now: Date): TimelineReading => ({
  steps: (isEntitled(subscription) ? subscription.steps : []).map((step) => ({
    name: step.name,
    ...stepWords[step.name],
    state: step.state,
    startedAt: step.startedAt?.toISOString() ?? null,
    finishedAt: step.finishedAt?.toISOString() ?? null,
    reason: step.reason,
    usual: null,
  })),
  at: now.toISOString(),
  underWay: !isSettled(subscription),
  mark: `${subscription.attempt}/${subscription.standing}/${subscription.state}`,
  words: deploymentWords(subscription).words,
});
