import type { TenantContext } from '../context';
import { orRefusal, touched } from '../reconcile';
import { cancelled, done, failed, isCheckDue, waitingForReplica } from './lifecycle';
import { longestRunMs, longestStopMs } from './limits';
import type { Extract } from './ports';

/** The extract updated from its job run and manifest; null when nothing changed. */
export async function checkRun(ctx: TenantContext, extract: Extract, runId: string): Promise<Extract | null> {
  const { runner } = ctx.ports.extracts;
  const seen = await orRefusal(async () => ({ run: await runner.run(runId) }));
  const at = ctx.now();
  if ('refusal' in seen) return failed(extract, seen.refusal, at);
  switch (seen.run?.state) {
    case undefined:
      return failed(extract, 'The run no longer exists, so its file can’t be confirmed as complete.', at);
    case 'done':
      return checkFile(ctx, extract);
    case 'away':
      if (extract.cancelAskedAt) return cancelled(extract, at);
      return waitingForReplica(extract, seen.run.reason ?? 'The replica does not respond.', at);
    case 'failed':
    case 'stopped':
      if (extract.cancelAskedAt) return cancelled(extract, at);
      return failed(extract, seen.run.reason ?? 'The run was stopped before it finished.', at);
    case 'running':
      return waitOrStop(ctx, extract, runId);
  }
}

/** The job run reports success; the bucket must confirm it. */
async function checkFile(ctx: TenantContext, extract: Extract): Promise<Extract> {
  const { accountId } = ctx.tenant;
  if (accountId === null) return failed(extract, 'The workbench no longer has an AWS account.', ctx.now());
  const seen = await orRefusal(() => ctx.ports.extracts.files.verify(accountId, extract));
  const at = ctx.now();
  if ('refusal' in seen) return failed(extract, seen.refusal, at);
  if (seen.state !== 'whole') {
    return failed(extract, `The run ended, but its file is not complete: ${seen.reason}`, at);
  }
  return done(extract, seen.file, seen.finishedAt);
}

async function waitOrStop(ctx: TenantContext, extract: Extract, runId: string): Promise<Extract | null> {
  const at = ctx.now();
  const runEnds = (extract.startedAt ?? at).getTime() + longestRunMs;
  if (at.getTime() > runEnds || extract.cancelAskedAt) {
    const stopSince = extract.cancelAskedAt?.getTime() ?? runEnds;
    await ctx.ports.extracts.runner.stop(runId);
    if (at.getTime() - stopSince > longestStopMs) {
      return failed(extract, 'The run could not be stopped. Annex won’t use a partial file.', at);
    }
  }
  return isCheckDue(extract, at) ? touched(extract, at) : null;
}
