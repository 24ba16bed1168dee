import type { TenantContext } from '@/lib/domain/context';
import { tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { audited, auditedEnd } from '../audit';
import { cancelled, claimed, failed, isOver, lookIsDue, nextLookSeconds, touched } from '../lifecycle';
import { longestWaitMs } from '../limits';
import type { Extract } from '../ports';
import { refusalIsFailure, replanned } from '../replan';
import { hasRoom, wakeNext } from '../room';
import { extractInput } from '../schemas';
import { orSilence } from '../silence';
import { startRun, stopStray } from '../start-run';
import { watchRun } from '../watch-run';

/** Writes of one run; whoever interferes more often than this goes on by a run of its own. */
const mostWrites = 12;

/**
 * Brings an extract to where Glue is: gives it a run when there is room, looks at the run, and believes that it is done
 * only when its manifest is there and matches. May be run at any time, any number of times, by several at once, and be
 * cut off anywhere. While the extract is not at its end, each write is preceded by a job for the next look; the end is put
 * on record after its write, and again by every look that follows. Returns the extract; `null` when there is none. Throws
 * `forbidden`, and what AWS or a store throws that may pass.
 */
export const advanceExtract = tenantVerb('extracts.advance', extractInput, async (ctx, { requestId }) => {
  let extract: Extract | null = null;
  let mine: string | null = null;
  let lost: Extract | null = null;
  for (let writes = 0; writes < mostWrites; writes += 1) {
    extract = await ctx.ports.extracts.store.get(requestId);
    if (!extract) {
      ctx.log.warn({ extract: requestId }, 'extract to advance not found');
      return null;
    }
    if (lost) await stopStray(ctx, lost, extract);
    if (isOver(extract)) {
      await auditedEnd(ctx, extract);
      return extract;
    }
    const asks: boolean = claimOf(extract) === mine;
    const next = await nextOf(ctx, extract, asks);
    if (!next) return extract;
    const written = await write(ctx, extract, next);
    if (!written) {
      if (asks) lost = next;
      // A run that there is must be looked for; without one, nobody else has asked.
      if (next.runId !== null) mine = null;
      continue;
    }
    // Whoever wrote a claim is the one to start the run, and at once.
    if (written.claims <= extract.claims) return written;
    mine = claimOf(written);
  }
  return extract;
});

function claimOf({ attempt, claims }: Extract): string {
  return `${attempt}/${claims}`;
}

/** The extract as it must be written next; `null` when there is nothing to write. */
function nextOf(ctx: TenantContext, extract: Extract, mine: boolean): Promise<Extract | null> {
  if (extract.state === 'queued') return waiting(ctx, extract);
  const { runId } = extract;
  const look = () => (runId === null ? startRun(ctx, extract, mine) : watchRun(ctx, extract, runId));
  // What came of asking for a run is for the next look to find.
  return mine ? look() : orSilence(ctx, extract, look);
}

async function waiting(ctx: TenantContext, extract: Extract): Promise<Extract | null> {
  const at = ctx.now();
  if (extract.cancelAskedAt) return cancelled(extract, at);
  if (at.getTime() - extract.queuedAt.getTime() > longestWaitMs) {
    return failed(
      extract,
      'This extract stayed queued for a day without getting a run. Retry it, or ask your administrator.',
      at,
    );
  }
  if (!(await hasRoom(ctx, extract))) return lookIsDue(extract, at) ? touched(extract, at) : null;
  await audited(ctx, extract);
  const plan = await refusalIsFailure(() => replanned(ctx, extract));
  if ('refusal' in plan) return failed(extract, plan.refusal, at);
  const { columns } = plan.query;
  return claimed({ ...extract, columns, policyVersion: plan.policy.version }, at);
}

/** Writes `next`, its follow-up job first or its audit row afterwards; `null` when another write came before. */
async function write(ctx: TenantContext, before: Extract, next: Extract): Promise<Extract | null> {
  const { requestId } = next;
  if (!isOver(next)) {
    await ctx.ports.jobs.send(
      { kind: 'extract.advance', tenantId: ctx.tenant.id, requestId },
      { delaySeconds: nextLookSeconds(next) + spread(next) },
    );
  }
  const written = await orNull(ctx.ports.extracts.store.update(next));
  if (!written) return null;
  if (before.state !== written.state || before.runId !== written.runId) {
    const { state, runId, attempt, reason } = written;
    ctx.log.info(
      { extract: requestId, state, run: runId, attempt },
      reason ? `extract changed state: ${reason}` : 'extract changed state',
    );
  }
  if (isOver(written)) {
    await auditedEnd(ctx, written);
    await wakeNext(ctx);
  }
  return written;
}

/** Null when another write came before. */
async function orNull(update: Promise<Extract>): Promise<Extract | null> {
  try {
    return await update;
  } catch (error) {
    if (isAnnexError(error, 'conflict')) return null;
    throw error;
  }
}

/** Seconds. Those that step back from each other for want of room must not come again at the same time. */
function spread({ requestId, state, revision }: Extract): number {
  return state === 'queued' ? ((requestId.codePointAt(requestId.length - 1) ?? 0) + revision) % 3 : 0;
}
