import type { TimelineReading, TimelineStep } from '@/components/data/timeline';
import type { StepName, UsualDurations, WorkbenchRequest } from '@/lib/domain/workbench/ports';

/** The page's view of a request as JSON values. Instants are ISO 8601. */
export interface Progress extends TimelineReading {
  readonly steps: readonly ProgressStep[];
}

interface ProgressStep extends TimelineStep {
  readonly name: StepName;
}

/** A request as it stood at `now`. */
export const progressOf = (
  request: Pick<WorkbenchRequest, 'requestId' | 'attempt' | 'state' | 'steps'>,
  now: Date,
  usual: UsualDurations | null,
): Progress => ({
  steps: request.steps.map(({ name, state, startedAt, finishedAt, reason }) => ({
    name,
    title: stepTitles[name],
    purpose: stepPurposes[name],
    state,
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    reason,
    usual: usual?.[name] ?? null,
  })),
  at: now.toISOString(),
  underWay: request.state === 'provisioning',
  mark: `${request.requestId}/${request.attempt}/${request.state}`,
  words: wordsOf(request),
});

/** What each step makes. */
const stepPurposes: Readonly<Record<StepName, string>> = {
  account: 'Your organisation’s own account, used for nothing else',
  baseline: 'The bucket for your data, the role that Annex uses, and the guardrails',
  domain: 'The SageMaker Studio that you work in',
};

/** The steps as the page calls them. */
export const stepTitles: Readonly<Record<StepName, string>> = {
  account: 'AWS account',
  baseline: 'Baseline',
  domain: 'Studio domain',
};

function wordsOf({ state, steps }: Pick<WorkbenchRequest, 'state' | 'steps'>): string {
  if (state === 'ready') return 'Your workbench is ready';
  const step = steps.find((each) => each.state === (state === 'failed' ? 'failed' : 'running'));
  if (state === 'failed') return step ? `A step failed: ${stepTitles[step.name]}` : 'A step failed';
  return step ? `In progress: ${stepTitles[step.name]}` : 'Setting up your workbench';
}
