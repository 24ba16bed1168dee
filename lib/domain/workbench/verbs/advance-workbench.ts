import type { TenantContext } from '@/lib/domain/context';
import { reconcile, touched } from '@/lib/domain/reconcile';
import { hourMs } from '@/lib/domain/time';
import { tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { type Observed, observe, startStep } from '../observe';
import type { WorkbenchRequest, WorkbenchStep } from '../ports';
import { recordEnd, recordRequest } from '../records';
import { advanceWorkbenchInput } from '../schemas';
import { currentStep, failed, finished, isCheckDue, secondsToNextCheck, started, stepAge } from '../steps';

/** A step counts as failed after this long, ms. */
const longestStep = { account: 2 * hourMs, baseline: hourMs, domain: hourMs } as const;

/**
 * Brings the request up to date with AWS (`reconcile`): checks its current step, records the result and starts the next. Returns
 * the request; null when there is none. Throws `forbidden`, and errors of AWS or a store that may pass.
 */
export const advanceWorkbench = tenantVerb('workbench.advance', advanceWorkbenchInput, async (ctx, input) => {
  const { workbenches, jobs } = ctx.ports;
  const request = await reconcile<WorkbenchRequest>({
    load: () => (input.requestId === undefined ? workbenches.live() : workbenches.get(input.requestId)),
    next: (present) => nextOf(ctx, present),
    isOver: ({ state }) => state !== 'provisioning',
    sendCheck: (next) =>
      jobs.send(
        { kind: 'workbench.advance', requestId: next.requestId },
        { delaySeconds: secondsToNextCheck(next) },
      ),
    update: (next) => workbenches.update(next),
    recordEnd: (over) => recordEnd(ctx, over),
    afterWrite: async (before, written) => {
      const moved = hasMoved(before, written);
      if (moved) logMove(ctx, written);
      return moved;
    },
  });
  if (!request) ctx.log.warn({ workbench: input.requestId }, 'workbench request to advance not found');
  return request;
});

/** The request to write next; null when there is nothing to write. */
async function nextOf(ctx: TenantContext, request: WorkbenchRequest): Promise<WorkbenchRequest | null> {
  if (request.state === 'ready') return findMissingPart(ctx, request);
  const step = currentStep(request);
  if (!step) return touched<WorkbenchRequest>({ ...request, state: 'ready' }, ctx.now());
  if (request.state === 'failed') return findLateSuccess(ctx, request, step);
  try {
    if (step.state === 'pending') return await beginStep(ctx, request, step);
    const seen = await observe(ctx, request, step.name);
    if (step.name === 'account' && seen.state === 'absent') return await beginStep(ctx, request, step);
    return judged(ctx, request, step, seen);
  } catch (error) {
    return judgedUnseen(ctx, request, step, error);
  }
}

/**
 * A check that failed for a reason that may pass counts as one that found nothing new: the checks continue until the step's time
 * is over, beyond the queue's limit of deliveries. Throws `error` when it is unforeseen or no check is due.
 */
function judgedUnseen(
  ctx: TenantContext,
  request: WorkbenchRequest,
  step: WorkbenchStep,
  error: unknown,
): WorkbenchRequest {
  const at = ctx.now();
  if (!isAnnexError(error)) throw error;
  if (isOverdue(request, step, at)) {
    return failed(
      request,
      step.name,
      `${tookTooLong(step)} The last status check failed: ${error.message}`,
      at,
    );
  }
  if (!isCheckDue(request, at)) throw error;
  ctx.log.warn(
    { workbench: request.requestId, step: step.name, err: error },
    'workbench status check failed',
  );
  return touched(request, at);
}

function isOverdue(request: WorkbenchRequest, step: WorkbenchStep, at: Date): boolean {
  return stepAge(request, at) > longestStep[step.name];
}

function tookTooLong({ name }: WorkbenchStep): string {
  return `AWS did not finish this step within ${longestStep[name] / hourMs} h. Everything it has created so far is kept.`;
}

async function beginStep(
  ctx: TenantContext,
  request: WorkbenchRequest,
  step: WorkbenchStep,
): Promise<WorkbenchRequest | null> {
  // Every account has an audit row, even if the request was interrupted before it wrote one.
  if (step.name === 'account') await recordRequest(ctx, request);
  const outcome = await startStep(ctx, request, step.name);
  if (outcome.state !== 'started' && outcome.state !== 'running') return judged(ctx, request, step, outcome);
  // Removing the result of an earlier failure counts as a start, so that the next check is scheduled.
  if (step.state === 'pending') return started(request, step.name, ctx.now());
  return judged(ctx, request, step, { state: 'running' });
}

function judged(
  ctx: TenantContext,
  request: WorkbenchRequest,
  step: WorkbenchStep,
  seen: Observed,
): WorkbenchRequest | null {
  const at = ctx.now();
  if (seen.state === 'done') return finished(request, step.name, seen.made, at);
  if (seen.state === 'failed') return failed(request, step.name, seen.reason, at);
  if (isOverdue(request, step, at)) return failed(request, step.name, tookTooLong(step), at);
  return isCheckDue(request, at) ? touched(request, at) : null;
}

/** A step that was given up may have succeeded after all. */
async function findLateSuccess(
  ctx: TenantContext,
  request: WorkbenchRequest,
  step: WorkbenchStep,
): Promise<WorkbenchRequest | null> {
  const seen = await observe(ctx, request, step.name);
  return seen.state === 'done' ? finished(request, step.name, seen.made, ctx.now()) : null;
}

/** A ready workbench is checked after an attempt to open it failed. */
async function findMissingPart(
  ctx: TenantContext,
  request: WorkbenchRequest,
): Promise<WorkbenchRequest | null> {
  for (const step of ['baseline', 'domain'] as const) {
    const seen = await observe(ctx, request, step);
    if (seen.state === 'failed') return failed(request, step, seen.reason, ctx.now());
    if (seen.state === 'absent') {
      const what = step === 'baseline' ? 'The account baseline' : 'The Studio domain';
      return failed(request, step, `${what} no longer exists.`, ctx.now());
    }
  }
  return null;
}

function logMove(ctx: TenantContext, request: WorkbenchRequest): void {
  const step = currentStep(request);
  ctx.log.info(
    { workbench: request.requestId, state: request.state, step: step?.name, attempt: request.attempt },
    step?.reason ? `workbench changed state: ${step.reason}` : 'workbench changed state',
  );
}

function hasMoved(before: WorkbenchRequest, after: WorkbenchRequest): boolean {
  return before.state !== after.state || before.steps.some((step, i) => step.state !== after.steps[i]?.state);
}
