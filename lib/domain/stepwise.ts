import { touched } from './reconcile';

export const stepStates = ['pending', 'running', 'done', 'failed'] as const;

/** One step of long work that is done in order. */
export interface Step<N extends string = string> {
  readonly name: N;
  readonly state: (typeof stepStates)[number];
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Why it failed. */
  readonly reason: string | null;
}

/** A record of work that has steps. It may have other states, in which no step is worked on. */
export interface Stepwise {
  readonly steps: readonly Step[];
  readonly state: string;
  /** Rises with each retry. */
  readonly attempt: number;
  readonly updatedAt: Date;
  readonly revision: number;
}

type NameIn<R extends Stepwise> = R['steps'][number]['name'];

export function pendingStep<N extends string>(name: N): Step<N> {
  return { name, state: 'pending', startedAt: null, finishedAt: null, reason: null };
}

/** The first step that is not done; null when all are. */
export const currentStep = <S extends Step>({ steps }: { readonly steps: readonly S[] }): S | null =>
  steps.find(({ state }) => state !== 'done') ?? null;

/** The work after `name` ended well; the next step begins at once. Without another one, all is done. */
export function stepDone<R extends Stepwise>(record: R, name: NameIn<R>, at: Date): R {
  const done = withStep(record, name, (step) => ({
    ...step,
    state: 'done',
    startedAt: step.startedAt ?? at,
    finishedAt: at,
    reason: null,
  }));
  const next = currentStep(done);
  if (!next) return touched({ ...done, state: 'done' }, at);
  return touched(
    withStep(done, next.name, (step) => ({ ...step, state: 'running', startedAt: at })),
    at,
  );
}

export function stepFailed<R extends Stepwise>(record: R, name: NameIn<R>, reason: string, at: Date): R {
  const failed = withStep(record, name, (step) => ({
    ...step,
    state: 'failed',
    finishedAt: at,
    reason,
  }));
  return touched({ ...failed, state: 'failed' }, at);
}

/** Failed work whose failed step is tried again. */
export function retriedStep<R extends Stepwise>(record: R, at: Date): R {
  const steps = record.steps.map((step) =>
    step.state === 'failed' ? { ...pendingStep(step.name), state: 'running' as const, startedAt: at } : step,
  );
  return touched({ ...record, steps, state: 'running', attempt: record.attempt + 1 }, at);
}

function withStep<R extends Stepwise>(record: R, name: string, change: (step: Step) => Step): R {
  return { ...record, steps: record.steps.map((step) => (step.name === name ? change(step) : step)) };
}
