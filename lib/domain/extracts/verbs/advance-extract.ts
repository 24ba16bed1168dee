import type { TenantContext } from '@/lib/domain/context';
import { orRefusal, type Reconciler, reconcile, touched } from '@/lib/domain/reconcile';
import { tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { suspensionReason } from '../cancel';
import { hasCapacity, wakeNext } from '../capacity';
import { checkRun } from '../check-run';
import { cancelled, claimed, failed, isCheckDue, isOver, secondsToNextCheck } from '../lifecycle';
import { longestWaitMs } from '../limits';
import type { Extract } from '../ports';
import { recordEnd, recordPress, recordSubmission } from '../records';
import { replan } from '../replan';
import { extractInput } from '../schemas';
import { failWhenSilent } from '../silence';
import { startRun, stopStray } from '../start-run';

/**
 * Brings an extract up to date with Glue (`reconcile`): starts its job run when there is capacity, checks the run, and marks it
 * done only when its manifest exists and matches. Returns the extract; null when there is none. Throws `forbidden`, and errors of
 * AWS or a store that may pass.
 */
export const advanceExtract = tenantVerb('extracts.advance', extractInput, async (ctx, { requestId }) => {
  const extract = await reconcile(reconcilerOf(ctx, requestId));
  if (!extract) ctx.log.warn({ extract: requestId }, 'extract to advance not found');
  return extract;
});

function reconcilerOf(ctx: TenantContext, requestId: string): Reconciler<Extract> {
  const { store } = ctx.ports.extracts;
  /** The claim that this call wrote: its writer starts the job run, at once. */
  let mine: string | null = null;
  /** What the holder of that claim could not write because another write came first. */
  let lost: Extract | null = null;
  return {
    async load() {
      const extract = await store.get(requestId);
      if (extract && lost) await stopStray(ctx, lost, extract);
      return extract;
    },
    next: async (extract) => (isOver(extract) ? null : nextOf(ctx, extract, claimOf(extract) === mine)),
    isOver,
    sendCheck: (next) =>
      ctx.ports.jobs.send(
        { kind: 'extract.advance', requestId },
        { delaySeconds: secondsToNextCheck(next) + spread(next) },
      ),
    async update(next) {
      try {
        return await store.update(next);
      } catch (error) {
        if (isAnnexError(error, 'conflict')) {
          if (claimOf(next) === mine) lost = next;
          // If a run was started, the next round must look for it. Otherwise nobody else has asked Glue, and this claim may still
          // ask.
          if (next.runId !== null) mine = null;
        }
        throw error;
      }
    },
    recordEnd: (extract) => recordEnd(ctx, extract),
    async afterWrite(before, written) {
      logMove(ctx, before, written);
      if (isOver(written)) await wakeNext(ctx);
      if (written.claims <= before.claims) return false;
      mine = claimOf(written);
      return true;
    },
  };
}

function claimOf({ attempt, claims }: Extract): string {
  return `${attempt}/${claims}`;
}

/** The extract to write next; null when there is nothing to write. */
function nextOf(ctx: TenantContext, extract: Extract, mine: boolean): Promise<Extract | null> {
  if (extract.state === 'queued') return claimOrWait(ctx, extract);
  const { runId } = extract;
  const check = () => (runId === null ? startRun(ctx, extract, mine) : checkRun(ctx, extract, runId));
  // The next check finds out what became of the call to start a run.
  return mine ? check() : failWhenSilent(ctx, extract, check);
}

async function claimOrWait(ctx: TenantContext, extract: Extract): Promise<Extract | null> {
  const at = ctx.now();
  if (extract.cancelAskedAt) return cancelled(extract, at);
  if (ctx.tenant.state === 'suspended') {
    // Submitted just before: it must not wait for the job that cancels the others.
    await recordPress(ctx, 'extracts.cancel', extract, String(extract.attempt));
    return cancelled(extract, at, suspensionReason);
  }
  if (at.getTime() - extract.queuedAt.getTime() > longestWaitMs) {
    const waited = extract.reason
      ? `${extract.reason} Annex tried again for a day.`
      : 'This extract stayed queued for a day without getting a run.';
    return failed(extract, `${waited} Retry it, or ask your administrator.`, at);
  }
  if (!(await hasCapacity(ctx, extract))) return isCheckDue(extract, at) ? touched(extract, at) : null;
  await recordSubmission(ctx, extract);
  const plan = await orRefusal(() => replan(ctx, extract));
  if ('refusal' in plan) return failed(extract, plan.refusal, at);
  const { columns } = plan.query;
  return claimed({ ...extract, columns, policyVersion: plan.policy.version }, at);
}

function logMove(ctx: TenantContext, before: Extract, written: Extract): void {
  const { requestId, state, runId, attempt, reason } = written;
  if (before.state === state && before.runId === runId) return;
  ctx.log.info(
    { extract: requestId, state, run: runId, attempt },
    reason ? `extract changed state: ${reason}` : 'extract changed state',
  );
}

/** Seconds of extra delay, so that extracts that gave way to each other for lack of capacity don't return at the same time. */
function spread({ requestId, state, revision }: Extract): number {
  return state === 'queued' ? ((requestId.codePointAt(requestId.length - 1) ?? 0) + revision) % 3 : 0;
}
