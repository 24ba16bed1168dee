import { isAnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { cancelAsked, cancelled, isOver } from './lifecycle';
import { openSince } from './limits';
import type { Extract } from './ports';
import { recordEnd, recordPress } from './records';
import { existing } from './verbs/get-extract';

const mostTries = 5;

/** Why extracts of a tenant that is suspended are cancelled. */
export const suspensionReason = 'Your organisation was suspended.';

/**
 * Cancels an extract and returns it: a queued one at once, a running one when its job run has stopped. Changes nothing in a final
 * state. The request is recorded first, the end only after it is written. `reason`: why, if no person asked. Throws `not_found`.
 */
export async function cancel(
  ctx: TenantContext,
  requestId: string,
  reason: string | null = null,
): Promise<Extract> {
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
    const next =
      extract.state === 'queued' ? cancelled(extract, at, reason) : cancelAsked(extract, at, reason);
    try {
      const written = await store.update(next);
      if (isOver(written)) await recordEnd(ctx, written);
      else await ctx.ports.jobs.send(job);
      return written;
    } catch (error) {
      if (!isAnnexError(error, 'conflict') || tries === mostTries) throw error;
    }
  }
}

/** Cancels every open extract of a tenant that is suspended. */
export async function cancelOpen(ctx: TenantContext): Promise<void> {
  const open = await ctx.ports.extracts.store.open(openSince(ctx.now()));
  for (const { requestId } of open) await cancel(ctx, requestId, suspensionReason);
}
