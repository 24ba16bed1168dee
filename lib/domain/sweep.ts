import { z } from 'zod';
import type { ControlContext } from './context';

/** When each thing was last sent on, ms since the epoch, by its id. Kept by the caller from sweep to sweep. */
export const sentBySweeps = z
  .custom<Map<string, number>>((value) => value instanceof Map)
  .default(() => new Map());

interface Untouched {
  readonly tenantId: string;
  readonly requestId: string;
  readonly updatedAt: Date;
}

/**
 * Sends on what has stood still for `untouchedSeconds`, of pages with the longest untouched first. One that it sent on is
 * left alone for as long as it takes to count as standing still. Returns how many it sent on. Throws what `page` and `send`
 * throw.
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
