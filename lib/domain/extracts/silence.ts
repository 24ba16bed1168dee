import type { TenantContext } from '../context';
import { failed } from './lifecycle';
import { longestRunMs, longestStartMs, longestStopMs } from './limits';
import type { Extract } from './ports';

/**
 * The result of `check` for a running extract. If `check` throws after AWS has had all its time, the extract fails; otherwise it
 * would take up capacity forever. Before that, throws what `check` throws.
 */
export async function failWhenSilent(
  ctx: TenantContext,
  extract: Extract,
  check: () => Promise<Extract | null>,
): Promise<Extract | null> {
  try {
    return await check();
  } catch (error) {
    const at = ctx.now();
    if (at.getTime() <= patienceEnds(extract)) throw error;
    ctx.log.warn({ extract: extract.requestId, err: error }, 'extract failed: AWS did not respond');
    const run =
      extract.runId === null ? 'A run may still have been started' : 'The run may still be in progress';
    const silence = spanOf(at.getTime() - extract.updatedAt.getTime());
    const reason = `AWS did not respond for ${silence}. ${run}, but Annex won’t use a partial file.`;
    return failed(extract, reason, at);
  }
}

/** When to give up on AWS for `extract`, ms since the epoch. */
function patienceEnds({ runId, cancelAskedAt, startedAt, queuedAt }: Extract): number {
  if (cancelAskedAt) return cancelAskedAt.getTime() + longestStopMs;
  const longest = runId === null ? longestStartMs : longestRunMs + longestStopMs;
  return (startedAt ?? queuedAt).getTime() + longest;
}

/** `12 minutes`, `3 hours`. */
export function spanOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 2) return 'a minute';
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
