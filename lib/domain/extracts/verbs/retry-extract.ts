import { refuseWhileBraked } from '@/lib/domain/budget/brake';
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
 * Retries a failed extract and returns it. Changes nothing when it is not failed, or when its attempt is not the given one.
 * Throws `forbidden`, `not_found`; `conflict` for one that is too old, or while the budget is spent; `throttled` when too many are open.
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
  await refuseWhileBraked(ctx, 'Extracts');
  await checkCapacity(ctx, nothingDone);
  // The check that would repeat this may already find the next attempt.
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

/**
 * Restores the failed `extract` over `written`. Throws `throttled`; `conflict` when it was claimed meanwhile and therefore
 * continues.
 */
async function putBack(ctx: TenantContext, extract: Extract, written: Extract): Promise<never> {
  await ctx.ports.extracts.store.update({ ...extract, revision: written.revision });
  throw tooManyOpen(nothingDone);
}
