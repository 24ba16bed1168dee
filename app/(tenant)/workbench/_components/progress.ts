import type { Reading } from '@/components/live/reading';
import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';

/** The page's view of a request as JSON values. Instants are ISO 8601. */
export interface Progress extends Reading {
  readonly steps: readonly ProgressStep[];
}

export interface ProgressStep {
  readonly name: WorkbenchRequest['steps'][number]['name'];
  readonly state: WorkbenchRequest['steps'][number]['state'];
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly reason: string | null;
}

/** A request as it stood at `now`. */
export const progressOf = (
  request: Pick<WorkbenchRequest, 'requestId' | 'attempt' | 'state' | 'steps'>,
  now: Date,
): Progress => ({
  steps: request.steps.map(({ name, state, startedAt, finishedAt, reason }) => ({
    name,
    state,
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    reason,
  })),
  at: now.toISOString(),
  underWay: request.state === 'provisioning',
  mark: `${request.requestId}/${request.attempt}/${request.state}`,
  words: wordsOf(request),
});

/** The steps as the page calls them. */
export const stepTitles: Readonly<Record<ProgressStep['name'], string>> = {
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
