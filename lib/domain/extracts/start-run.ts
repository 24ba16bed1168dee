import { isAnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { cancelled, claimed, failed, lookIsDue, manifestSeed, released, started, touched } from './lifecycle';
import type { Extract } from './ports';
import { refusalIsFailure, replanned } from './replan';
import { isCrowded } from './room';

/** Longer than a call that starts a run can be on its way, ms. */
const onItsWayMs = 45_000;

/**
 * A claimed extract with its run. Glue starts a run as often as it is asked to, so only who wrote the claim (`mine`) asks,
 * once; everybody else looks for the run, and takes the claim over when whoever held it must be gone.
 */
export async function startRun(ctx: TenantContext, extract: Extract, mine: boolean): Promise<Extract | null> {
  const at = ctx.now();
  // Nobody can have asked before the first claim.
  const present = mine && extract.claims === 1 ? null : await found(ctx, extract);
  if (present !== null) return started(extract, present, at);
  const gone = extract.startedAt === null || at.getTime() - extract.startedAt.getTime() > onItsWayMs;
  if (extract.cancelAskedAt && (mine || gone)) return cancelled(extract, at);
  if (mine) return asked(ctx, extract);
  if (gone) return claimed(extract, at);
  return lookIsDue(extract, at) ? touched(extract, at) : null;
}

/** The run of the attempt; when, against all care, there are several, the first, and the others are stopped. */
async function found(ctx: TenantContext, extract: Extract): Promise<string | null> {
  const { runner } = ctx.ports.extracts;
  const { requestId, attempt, queuedAt: since } = extract;
  const [first, ...others] = await runner.find({ requestId, attempt, since });
  for (const runId of others) {
    ctx.log.warn({ extract: requestId, run: runId }, 'an extract has a second run, which is stopped');
    await runner.stop(runId);
  }
  return first ?? null;
}

async function asked(ctx: TenantContext, extract: Extract): Promise<Extract> {
  const { accountId } = ctx.tenant;
  if (accountId === null) {
    return failed(extract, 'There is no bucket to write into: the workbench has no account.', ctx.now());
  }
  if (await isCrowded(ctx)) return released(extract, ctx.now());
  const outcome = await refusalIsFailure(async () => {
    const { query, policy } = await replanned(ctx, extract);
    if (policy.version !== extract.policyVersion) return { again: true } as const;
    return { runId: await orNoRoom(ctx, extract, accountId, query) };
  });
  const at = ctx.now();
  if ('refusal' in outcome) return failed(extract, outcome.refusal, at);
  if ('again' in outcome || outcome.runId === null) return released(extract, at);
  return started(extract, outcome.runId, at);
}

/** Null when Glue has no room for another run. */
async function orNoRoom(
  ctx: TenantContext,
  extract: Extract,
  accountId: string,
  query: Awaited<ReturnType<typeof replanned>>['query'],
): Promise<string | null> {
  try {
    return await ctx.ports.extracts.runner.start({
      accountId,
      query,
      format: extract.format,
      manifest: manifestSeed(extract, ctx.tenant.id),
    });
  } catch (error) {
    if (isAnnexError(error, 'throttled')) return null;
    throw error;
  }
}
