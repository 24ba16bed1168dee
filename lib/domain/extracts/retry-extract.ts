import { AnnexError, isAnnexError } from '@/lib/errors';
import { tenantVerb } from '../verb';
import { auditedPress } from './audit';
import { existing } from './get-extract';
import { retried } from './lifecycle';
import { longestRetryMs } from './limits';
import { retryExtractInput } from './schemas';

/**
 * Has a failed extract written again, and returns it. Changes nothing when it is not failed (any more) or another attempt
 * than the given one has failed. Throws `forbidden`, `not_found`; `conflict` for one that is too old.
 */
export const retryExtract = tenantVerb('extracts.retry', retryExtractInput, async (ctx, input) => {
  const { store } = ctx.ports.extracts;
  const extract = await existing(ctx, input.requestId);
  const job = { kind: 'extract.advance', tenantId: ctx.tenant.id, requestId: extract.requestId } as const;
  if (extract.state === 'queued') await ctx.ports.jobs.send(job);
  if (extract.state !== 'failed' || (input.attempt ?? extract.attempt) !== extract.attempt) return extract;
  const at = ctx.now();
  if (at.getTime() - extract.requestedAt.getTime() > longestRetryMs) {
    throw new AnnexError('conflict', 'This extract is more than a week old. Submit a new one instead.');
  }
  const next = retried(extract, at);
  await auditedPress(ctx, 'extracts.retry', next, String(next.attempt));
  try {
    const written = await store.update(next);
    await ctx.ports.jobs.send(job);
    return written;
  } catch (error) {
    if (!isAnnexError(error, 'conflict')) throw error;
    return existing(ctx, input.requestId);
  }
});
