import type { TenantContext } from '@/lib/domain/context';
import { tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { lookAt, type Observed, startStep } from '../observe';
import type { WorkbenchRequest, WorkbenchStep } from '../ports';
import { recordEnd } from '../record-end';
import { advanceWorkbenchInput } from '../schemas';
import {
  currentStep,
  failed,
  finished,
  lookAgainSeconds,
  lookIsDue,
  started,
  stepAge,
  touched,
} from '../steps';

/** Longest time that a step may take before it counts as failed, ms. */
const longestStep = { account: 2 * 3_600_000, baseline: 3_600_000, domain: 3_600_000 } as const;

/** Writes of one run; whoever interferes more often than this goes on by a run of its own. */
const mostWrites = 12;

/**
 * Brings the request to where AWS is: looks at its current step, records what became of it and starts the next. May be
 * run at any time, any number of times, by several at once, and be cut off anywhere. While the request is not at its end,
 * each write is preceded by a job for the next look; its end is put on record after it is written, and
 * again by each look that finds it, in case a run was cut off between the two. Returns the request; `null` when there is none.
 * Throws `forbidden`, and what AWS or a store throws that may pass.
 */
export const advanceWorkbench = tenantVerb('workbench.advance', advanceWorkbenchInput, async (ctx, input) => {
  const { workbenches } = ctx.ports;
  let request: WorkbenchRequest | null = null;
  for (let writes = 0; writes < mostWrites; writes += 1) {
    request =
      input.requestId === undefined ? await workbenches.live() : await workbenches.get(input.requestId);
    if (!request) {
      ctx.log.warn({ workbench: input.requestId }, 'workbench request to advance not found');
      return null;
    }
    if (request.state !== 'provisioning') await recordEnd(ctx, request);
    const next = await nextOf(ctx, request);
    if (!next) return request;
    const written = await write(ctx, request, next);
    if (written && !hasMoved(request, written)) return written;
  }
  return request;
});

/** The request as it must be written next; `null` when there is nothing to write. */
async function nextOf(ctx: TenantContext, request: WorkbenchRequest): Promise<WorkbenchRequest | null> {
  if (request.state === 'ready') return missingPart(ctx, request);
  const step = currentStep(request);
  if (!step) return touched({ ...request, state: 'ready' }, ctx.now());
  if (request.state === 'failed') return lateSuccess(ctx, request, step);
  try {
    if (step.state === 'pending') return await begun(ctx, request, step);
    const seen = await lookAt(ctx, request, step.name);
    if (step.name === 'account' && seen.state === 'absent') return await begun(ctx, request, step);
    return judged(ctx, request, step, seen);
  } catch (error) {
    return unseen(ctx, request, step, error);
  }
}

/**
 * What may pass is waited out by the chain of looks, which a queue's limit of deliveries does not end and the step's time does.
 * Throws `error` when it is none of ours or no look is due.
 */
function unseen(
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
  if (!lookIsDue(request, at)) throw error;
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
  return `AWS did not finish this step within ${longestStep[name] / 3_600_000} h. Everything it has created so far is kept.`;
}

async function begun(
  ctx: TenantContext,
  request: WorkbenchRequest,
  step: WorkbenchStep,
): Promise<WorkbenchRequest | null> {
  if (step.name === 'account') await ensureAudited(ctx, request);
  const outcome = await startStep(ctx, request, step.name);
  if (outcome.state !== 'started' && outcome.state !== 'running') return judged(ctx, request, step, outcome);
  // Clearing away an earlier failure is work too; recording it sends for the look that goes on from there.
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
  return lookIsDue(request, at) ? touched(request, at) : null;
}

/** A step that was given up may have come to a good end after all. */
async function lateSuccess(
  ctx: TenantContext,
  request: WorkbenchRequest,
  step: WorkbenchStep,
): Promise<WorkbenchRequest | null> {
  const seen = await lookAt(ctx, request, step.name);
  return seen.state === 'done' ? finished(request, step.name, seen.made, ctx.now()) : null;
}

/** A ready workbench is looked at again when somebody could not enter it. */
async function missingPart(ctx: TenantContext, request: WorkbenchRequest): Promise<WorkbenchRequest | null> {
  for (const step of ['baseline', 'domain'] as const) {
    const seen = await lookAt(ctx, request, step);
    if (seen.state === 'failed') return failed(request, step, seen.reason, ctx.now());
    if (seen.state === 'absent') {
      const what = step === 'baseline' ? 'The account baseline' : 'The Studio domain';
      return failed(request, step, `${what} no longer exists.`, ctx.now());
    }
  }
  return null;
}

/** Writes `next`, its follow-up job first; `null` when another write came before. */
async function write(
  ctx: TenantContext,
  before: WorkbenchRequest,
  next: WorkbenchRequest,
): Promise<WorkbenchRequest | null> {
  if (next.state === 'provisioning') {
    await ctx.ports.jobs.send(
      { kind: 'workbench.advance', tenantId: ctx.tenant.id, requestId: next.requestId },
      { delaySeconds: lookAgainSeconds(stepAge(next, next.updatedAt)) },
    );
  }
  try {
    const written = await ctx.ports.workbenches.update(next);
    if (written.state !== 'provisioning') await recordEnd(ctx, written);
    if (hasMoved(before, written)) {
      const step = currentStep(written);
      ctx.log.info(
        { workbench: written.requestId, state: written.state, step: step?.name, attempt: written.attempt },
        step?.reason ? `workbench changed state: ${step.reason}` : 'workbench changed state',
      );
    }
    return written;
  } catch (error) {
    if (isAnnexError(error, 'conflict')) return null;
    throw error;
  }
}

function hasMoved(before: WorkbenchRequest, after: WorkbenchRequest): boolean {
  return before.state !== after.state || before.steps.some((step, i) => step.state !== after.steps[i]?.state);
}

/** No account without its audit row, even when the request was cut off between the two. */
function ensureAudited(ctx: TenantContext, request: WorkbenchRequest): Promise<void> {
  return ctx.ports.audit.append({
    action: 'workbench.request',
    subject: `workbench/${request.requestId}`,
    actorId: ctx.actor.id,
    actorName: request.requestedBy,
    requestId: ctx.requestId,
    detail: { variant: request.variant.name, ...request.parameters },
    idempotencyKey: `workbench.request/${request.requestId}`,
  });
}
