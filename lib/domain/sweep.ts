import { z } from 'zod';
import type { ControlContext } from './context';

/** When each request was last sent, ms since the epoch, by its id. The caller keeps the map between sweeps. */
export const sentBySweeps = z
  .custom<Map<string, number>>((value) => value instanceof Map)
  .default(() => new Map());

interface Untouched {
  readonly tenantId: string;
  readonly requestId: string;
  readonly updatedAt: Date;
}

/**
 * Sends a job for each request without a write for `untouchedSeconds`; pages list the longest untouched first. Does not send the
 * same request again within that time. Returns how many it sent. Throws what `page` and `send` throw.
 */
export async function resumeStalled(
  ctx: ControlContext,
  { untouchedSeconds, sent }: { readonly untouchedSeconds: number; readonly sent: Map<string, number> },
  page: (
    after: string | undefined,
  ) => Promise<{ readonly found: readonly Untouched[]; readonly next: string | null }>,
  send: (one: Untouched) => Promise<void>,
): Promise<number> {
  const now = ctx.now().getTime();
  const stale = now - untouchedSeconds * 1000;
  for (const [requestId, at] of sent) if (at <= stale) sent.delete(requestId);
  let resumed = 0;
  let after: string | undefined;
  do {
    const { found, next } = await page(after);
    for (const one of found) {
      if (one.updatedAt.getTime() > stale) return resumed;
      if (sent.has(one.requestId)) continue;
      await send(one);
      sent.set(one.requestId, now);
      resumed += 1;
    }
    after = next ?? undefined;
  } while (after !== undefined);
  return resumed;
}
