import { isAnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { orRefusal } from '../reconcile';
import { isOverLimit } from './capacity';
import {
  cancelled,
  claimed,
  claimIsGone,
  failed,
  isOver,
  manifestSeed,
  released,
  started,
} from './lifecycle';
import { longestStartMs } from './limits';
import type { Extract, SealedOrder } from './ports';
import { replan } from './replan';
import { spanOf } from './silence';

/**
 * Oldest claim under which Glue may still be asked, ms. Even after the longest call, the claim is younger than one that others
 * take over.
 */
const oldestClaimMs = 20_000;

/**
 * Gives a claimed extract its job run. Glue starts another run each time it is asked, so only the writer of the claim (`mine`)
 * asks, once. Everybody else looks for the run, and takes the claim over once its holder must be gone.
 */
export async function startRun(ctx: TenantContext, extract: Extract, mine: boolean): Promise<Extract | null> {
  const at = ctx.now();
  // Nobody can have asked Glue before the first claim.
  const present = mine && extract.claims === 1 ? null : await findRun(ctx, extract);
  if (present !== null) return started(extract, present, extract.startedAt, at);
  const gone = claimIsGone(extract, at);
  if (extract.cancelAskedAt && (mine || gone)) return cancelled(extract, at);
  if (mine) return askForRun(ctx, extract);
  return gone ? takenOver(extract, at) : null;
}

/** The attempt's job run. Should there be several, keeps the first and stops the others. */
async function findRun(ctx: TenantContext, extract: Extract): Promise<string | null> {
  const { runner } = ctx.ports.extracts;
  const { requestId, attempt, queuedAt: since } = extract;
  const [first, ...others] = await runner.find({ requestId, attempt, since });
  for (const runId of others) {
    ctx.log.warn({ extract: requestId, run: runId }, 'stopping a second run of an extract');
    await runner.stop(runId);
  }
  return first ?? null;
}

/** The next claim, or a failure if AWS had already been asked for too long when the last claim was made. */
function takenOver(extract: Extract, at: Date): Extract {
  const firstClaim = extract.startedAt ?? extract.updatedAt;
  if (extract.updatedAt.getTime() - firstClaim.getTime() <= longestStartMs) return claimed(extract, at);
  const silence = spanOf(at.getTime() - firstClaim.getTime());
  return failed(
    extract,
    `AWS did not respond for ${silence} to the request to start a run. Retry the extract later.`,
    at,
  );
}

async function askForRun(ctx: TenantContext, extract: Extract): Promise<Extract> {
  if (ctx.tenant.accountId === null) {
    return failed(
      extract,
      'There is no bucket to write to because the workbench has no AWS account.',
      ctx.now(),
    );
  }
  if (await isOverLimit(ctx)) return released(extract, ctx.now());
  const claimedAt = extract.updatedAt;
  const outcome = await orRefusal(async () => {
    const { policy } = await replan(ctx, extract);
    const order = await ctx.ports.extracts.orders.seal({
      requestId: extract.requestId,
      manifest: JSON.stringify(manifestSeed(extract, ctx.tenant.id)),
    });
    // Only the call to Glue may follow: the claim's margin covers no more than that call.
    const late = ctx.now().getTime() - claimedAt.getTime() > oldestClaimMs;
    if (late || policy.version !== extract.policyVersion) return { again: true } as const;
    return { runId: await orNoCapacity(ctx, order) };
  });
  const at = ctx.now();
  if ('refusal' in outcome) return failed(extract, outcome.refusal, at);
  if ('again' in outcome || outcome.runId === null) return released(extract, at);
  return started(extract, outcome.runId, claimedAt, at);
}

/** Null when Glue has no capacity for another run. */
async function orNoCapacity(ctx: TenantContext, order: SealedOrder): Promise<string | null> {
  try {
    return await ctx.ports.extracts.runner.start(order);
  } catch (error) {
    if (isAnnexError(error, 'throttled')) return null;
    throw error;
  }
}

/** Stops the run of `lost`, whose write came too late, unless the current extract can still use it. */
export async function stopStray(ctx: TenantContext, lost: Extract, extract: Extract): Promise<void> {
  const { runId, attempt, requestId } = lost;
  if (runId === null || runId === extract.runId) return;
  // As long as the attempt has no run, a later check will find this one and use it.
  if (extract.runId === null && extract.attempt === attempt && !isOver(extract)) return;
  ctx.log.warn({ extract: requestId, run: runId }, 'stopping a run that no extract is waiting for');
  await ctx.ports.extracts.runner.stop(runId);
}
