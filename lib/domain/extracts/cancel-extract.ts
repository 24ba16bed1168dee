import { isAnnexError } from '@/lib/errors';
import { tenantVerb } from '../verb';
import { auditedEnd, auditedPress } from './audit';
import { existing } from './get-extract';
import { cancelled, isOver, touched } from './lifecycle';
import type { Extract } from './ports';
import { extractInput } from './schemas';

const mostTries = 5;

/**
 * Cancels an extract and returns it: at once while it waits; a run is asked to stop, and the extract is cancelled when it
 * has. Changes nothing when it is at its end already. Throws `forbidden`, `not_found`.
 */
export const cancelExtract = tenantVerb('extracts.cancel', extractInput, async (ctx, { requestId }) => {
  const { store } = ctx.ports.extracts;
  for (let tries = 1; ; tries += 1) {
    const extract = await existing(ctx, requestId);
    if (isOver(extract)) return extract;
    const at = ctx.now();
    const next: Extract =
      extract.state === 'queued'
        ? cancelled(extract, at)
        : { ...touched(extract, at), cancelAskedAt: extract.cancelAskedAt ?? at };
    if (extract.cancelAskedAt === null)
      await auditedPress(ctx, 'extracts.cancel', extract, String(extract.attempt));
    await auditedEnd(ctx, next);
    try {
      const written = await store.update(next);
      if (!isOver(written)) {
        await ctx.ports.jobs.send({ kind: 'extract.advance', tenantId: ctx.tenant.id, requestId });
      }
      return written;
    } catch (error) {
      if (!isAnnexError(error, 'conflict') || tries === mostTries) throw error;
    }
  }
});
