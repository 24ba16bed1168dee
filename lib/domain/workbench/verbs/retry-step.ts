import { record } from '@/lib/domain/audit/record';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { recordEnd, subjectOf } from '../records';
import { retryStepInput } from '../schemas';
import { currentStep, retried } from '../steps';

/**
 * Retries the failed step of a request and returns the request. Changes nothing when the request is not failed, or when its
 * attempt is not the given one. Throws `forbidden`, `not_found`.
 */
export const retryStep = tenantVerb('workbench.retry', retryStepInput, async (ctx, input) => {
  const { workbenches, jobs } = ctx.ports;
  const request = await workbenches.get(input.requestId);
  if (!request) throw gone();
  const job = { kind: 'workbench.advance', requestId: request.requestId } as const;
  if (request.state === 'provisioning') await jobs.send(job);
  if (request.state !== 'failed' || (input.attempt ?? request.attempt) !== request.attempt) return request;
  await recordEnd(ctx, request);
  const next = retried(request, ctx.now());
  await record(ctx, {
    action: 'workbench.retry',
    subject: subjectOf(request),
    result: 'asked',
    detail: { step: currentStep(request)?.name ?? null, attempt: next.attempt },
    key: `${request.requestId}/${next.attempt}`,
  });
  try {
    const written = await workbenches.update(next);
    await jobs.send(job);
    return written;
  } catch (error) {
    if (!isAnnexError(error, 'conflict')) throw error;
    const present = await workbenches.get(input.requestId);
    if (!present) throw gone();
    return present;
  }
});

function gone(): AnnexError {
  return new AnnexError('not_found', 'This workbench request doesn’t exist. Reload the page.');
}
