import { checkIsDue, nextCheckSeconds, touched } from '../reconcile';
import { type StepName, stepNames, type WorkbenchRequest, type WorkbenchStep } from './ports';

/** A new request, with no step started. */
export function newRequest(
  what: Pick<WorkbenchRequest, 'requestId' | 'variant' | 'parameters' | 'requestedBy'>,
  at: Date,
): WorkbenchRequest {
  return {
    ...what,
    state: 'provisioning',
    steps: stepNames.map((name) => pending(name)),
    attempt: 1,
    accountId: null,
    domainId: null,
    requestedAt: at,
    updatedAt: at,
    revision: 1,
  };
}

/** The first step that is not done; null when all are. */
export function currentStep(request: Pick<WorkbenchRequest, 'steps'>): WorkbenchStep | null {
  return request.steps.find((step) => step.state !== 'done') ?? null;
}

/** The request after AWS was asked for `step`. */
export function started(request: WorkbenchRequest, step: StepName, at: Date): WorkbenchRequest {
  return touched(
    withStep(request, { name: step, state: 'running', startedAt: at, finishedAt: null, reason: null }),
    at,
  );
}

/** The request after `step` ended well. The next step runs at once, because AWS starts it by itself. */
export function finished(
  request: WorkbenchRequest,
  step: StepName,
  made: Partial<Pick<WorkbenchRequest, 'accountId' | 'domainId'>>,
  at: Date,
): WorkbenchRequest {
  const before = request.steps.find(({ name }) => name === step);
  const done = withStep(
    { ...request, ...made, state: 'provisioning' },
    { name: step, state: 'done', startedAt: before?.startedAt ?? at, finishedAt: at, reason: null },
  );
  const next = currentStep(done);
  return next ? started(done, next.name, at) : touched({ ...done, state: 'ready' }, at);
}

/** The request after `step` failed or its result disappeared; later steps wait. */
export function failed(
  request: WorkbenchRequest,
  step: StepName,
  reason: string,
  at: Date,
): WorkbenchRequest {
  const before = request.steps.find(({ name }) => name === step);
  const steps = request.steps.map((each, index) =>
    index > stepNames.indexOf(step) ? pending(each.name) : each,
  );
  return touched(
    withStep(
      { ...request, steps, state: 'failed' },
      { name: step, state: 'failed', startedAt: before?.startedAt ?? at, finishedAt: at, reason },
    ),
    at,
  );
}

/** A failed request with its failed step to be tried again, under the next attempt. */
export function retried(request: WorkbenchRequest, at: Date): WorkbenchRequest {
  const steps = request.steps.map((step) =>
    step.state === 'failed' ? { ...pending(step.name), startedAt: at } : step,
  );
  return touched({ ...request, steps, state: 'provisioning', attempt: request.attempt + 1 }, at);
}

/** The `ProvisionToken` of the request's attempt; also marks its other operations in AWS. */
export function attemptToken(request: WorkbenchRequest): string {
  return `${request.requestId}-${request.attempt}`;
}

/** How long the current step has taken so far, ms. */
export function stepAge(request: WorkbenchRequest, at: Date): number {
  const since = currentStep(request)?.startedAt ?? request.requestedAt;
  return Math.max(0, at.getTime() - since.getTime());
}

/** Seconds from the last write to the next check: short at first in each step, then longer. */
export function secondsToNextCheck(request: WorkbenchRequest): number {
  return nextCheckSeconds(stepAge(request, request.updatedAt), 60);
}

/** Whether the next check is due. */
export function isCheckDue(request: WorkbenchRequest, at: Date): boolean {
  return checkIsDue(request, secondsToNextCheck(request), at);
}

function pending(name: StepName): WorkbenchStep {
  return { name, state: 'pending', startedAt: null, finishedAt: null, reason: null };
}

function withStep(request: WorkbenchRequest, step: WorkbenchStep): WorkbenchRequest {
  return { ...request, steps: request.steps.map((each) => (each.name === step.name ? step : each)) };
}
