import { tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { cancelAsked, cancelled, isOver } from '../lifecycle';
import { recordEnd, recordPress } from '../records';
import { extractInput } from '../schemas';
import { existing } from './get-extract';

const mostTries = 5;

/**
 * Cancels an extract and returns it. A queued one is cancelled at once; a running one when its job run has stopped. Changes
 * nothing in a final state. The request is recorded first, the end only after it is written. Throws `forbidden`, `not_found`.
 */
export const cancelExtract = tenantVerb('extracts.cancel', extractInput, async (ctx, { requestId }) => {
  const { store } = ctx.ports.extracts;
  const job = { kind: 'extract.advance', requestId } as const;
  for (let tries = 1; ; tries += 1) {
    const extract = await existing(ctx, requestId);
    if (isOver(extract)) {
      await recordEnd(ctx, extract);
      return extract;
    }
    if (extract.cancelAskedAt) {
      await ctx.ports.jobs.send(job);
      return extract;
    }
    await recordPress(ctx, 'extracts.cancel', extract, String(extract.attempt));
    const at = ctx.now();
    const next = extract.state === 'queued' ? cancelled(extract, at) : cancelAsked(extract, at);
    try {
      const written = await store.update(next);
      if (isOver(written)) await recordEnd(ctx, written);
      else await ctx.ports.jobs.send(job);
      return written;
    } catch (error) {
      if (!isAnnexError(error, 'conflict') || tries === mostTries) throw error;
    }
  }
});
