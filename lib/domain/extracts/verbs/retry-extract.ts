import type { TenantContext } from '@/lib/domain/context';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { checkCapacity, isSurplus, tooManyOpen } from '../capacity';
import { retried } from '../lifecycle';
import { longestRetryMs } from '../limits';
import type { Extract } from '../ports';
import { recordEnd, recordPress } from '../records';
import { retryExtractInput } from '../schemas';
import { existing } from './get-extract';

const nothingDone = 'The extract was not retried';

/**
 * Has a failed extract written again, and returns it. Changes nothing when it is not failed (any more) or another attempt
 * than the given one has failed. Throws `forbidden`, `not_found`; `conflict` for one that is too old; `throttled` when too
 * many wait.
 */
export const retryExtract = tenantVerb('extracts.retry', retryExtractInput, async (ctx, input) => {
  const { store } = ctx.ports.extracts;
  const extract = await existing(ctx, input.requestId);
  const job = { kind: 'extract.advance', requestId: extract.requestId } as const;
  if (extract.state === 'queued') await ctx.ports.jobs.send(job);
  if (extract.state !== 'failed' || (input.attempt ?? extract.attempt) !== extract.attempt) return extract;
  const at = ctx.now();
  if (at.getTime() - extract.requestedAt.getTime() > longestRetryMs) {
    throw new AnnexError('conflict', 'This extract is more than a week old. Submit a new one instead.');
  }
  await checkCapacity(ctx, nothingDone);
  // The look that was to repeat it may find the next attempt.
  await recordEnd(ctx, extract);
  const next = retried(extract, at);
  await recordPress(ctx, 'extracts.retry', next, `${next.attempt}/${extract.revision}`);
  try {
    const written = await store.update(next);
    if (await isSurplus(ctx, written)) return await putBack(ctx, extract, written);
    await ctx.ports.jobs.send(job);
    return written;
  } catch (error) {
    if (!isAnnexError(error, 'conflict')) throw error;
    return existing(ctx, input.requestId);
  }
});

/** Has `written` failed again as it was. Throws `throttled`; `conflict` when it was taken up meanwhile, and goes on. */
async function putBack(ctx: TenantContext, extract: Extract, written: Extract): Promise<never> {
  await ctx.ports.extracts.store.update({ ...extract, revision: written.revision });
  throw tooManyOpen(nothingDone);
}
