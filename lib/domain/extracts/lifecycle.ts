import { checkIsDue, nextCheckSeconds, touched } from '../reconcile';
import type { Extract, ExtractFile, ManifestSeed } from './ports';

/** A new extract that nobody has claimed. */
export function newExtract(
  what: Pick<
    Extract,
    'requestId' | 'dataset' | 'format' | 'columns' | 'policyVersion' | 'range' | 'asOf' | 'requestedBy'
  >,
  at: Date,
): Extract {
  return {
    ...what,
    state: 'queued',
    attempt: 1,
    claims: 0,
    runId: null,
    requestedAt: at,
    queuedAt: at,
    startedAt: null,
    finishedAt: null,
    cancelAskedAt: null,
    reason: null,
    file: null,
    updatedAt: at,
    revision: 1,
  };
}

/** Whether the extract is in a final state. */
export function isOver({ state }: Pick<Extract, 'state'>): boolean {
  return state !== 'queued' && state !== 'running';
}

/**
 * The extract as claimed to start the attempt's job run. It counts as running from now on, so that limits hold before Glue is
 * asked. When a claim is taken over, `startedAt` stays that of the first.
 */
export function claimed(extract: Extract, at: Date): Extract {
  const startedAt = extract.startedAt ?? at;
  return { ...touched(extract, at), state: 'running', claims: extract.claims + 1, startedAt, reason: null };
}

/** A claim older than this cannot still have a call in flight that starts a job run, ms. */
const onItsWayMs = 45_000;

/**
 * Whether nobody can still be starting a job run under this claim. Until there is a run, only the next claim changes `updatedAt`,
 * so it is the time of the claim.
 */
export function claimIsGone({ updatedAt }: Extract, at: Date): boolean {
  return at.getTime() - updatedAt.getTime() > onItsWayMs;
}

/** The extract after somebody asked to cancel it; people read `reason`, if it was not one of them. */
export function cancelAsked(extract: Extract, at: Date, reason: string | null = null): Extract {
  return { ...extract, cancelAskedAt: at, reason };
}

/** The extract back in the queue, because it turned out that there was no capacity. */
export function released(extract: Extract, at: Date): Extract {
  return { ...touched(extract, at), state: 'queued', startedAt: null };
}

/** The extract with the attempt's job run `runId`, started at `startedAt` or later. */
export function started(extract: Extract, runId: string, startedAt: Date | null, at: Date): Extract {
  return { ...touched(extract, at), runId, startedAt };
}

/** The extract as done: its manifest confirms that `file` is complete in the tenant's bucket. */
export function done(extract: Extract, file: ExtractFile, at: Date): Extract {
  return { ...touched(extract, at), state: 'done', file, finishedAt: at };
}

/** The extract as failed; people read `reason`. */
export function failed(extract: Extract, reason: string, at: Date): Extract {
  return { ...touched(extract, at), state: 'failed', reason, finishedAt: at };
}

/** The extract as cancelled; keeps the time at which somebody first asked, and why. */
export function cancelled(extract: Extract, at: Date, reason: string | null = null): Extract {
  return {
    ...touched(extract, at),
    state: 'cancelled',
    reason: extract.cancelAskedAt ? extract.reason : reason,
    cancelAskedAt: extract.cancelAskedAt ?? at,
    finishedAt: at,
  };
}

/** A failed extract, queued again as the next attempt. */
export function retried(extract: Extract, at: Date): Extract {
  return {
    ...touched(extract, at),
    state: 'queued',
    queuedAt: at,
    attempt: extract.attempt + 1,
    claims: 0,
    runId: null,
    startedAt: null,
    finishedAt: null,
    cancelAskedAt: null,
    reason: null,
    file: null,
  };
}

/** The extract back in the queue because its run could not read the replica. The wait counts from when a person queued it. */
export function waitingForReplica(extract: Extract, reason: string, at: Date): Extract {
  return { ...retried(extract, at), queuedAt: extract.queuedAt, reason };
}

/** The part of `manifest.json` that is known before there is a file. */
export function manifestSeed(extract: Extract, tenantId: string): ManifestSeed {
  const { requestId, attempt, dataset, format, columns, policyVersion, asOf, range, requestedBy } = extract;
  return {
    requestId,
    attempt,
    tenant: tenantId,
    dataset,
    format,
    columns,
    policyVersion,
    asOf: asOf?.toISOString() ?? null,
    range: { from: range.from?.toISOString() ?? null, before: range.before?.toISOString() ?? null },
    requestedBy: requestedBy.name,
    requestedAt: extract.requestedAt.toISOString(),
  };
}

/** Seconds from the last write to the next check: short at first in each state, then longer. */
export function secondsToNextCheck(extract: Extract): number {
  const { state, runId, cancelAskedAt, startedAt, queuedAt, updatedAt } = extract;
  if (state === 'running' && runId === null) return onItsWayMs / 1000 + 1;
  const age = updatedAt.getTime() - (cancelAskedAt ?? startedAt ?? queuedAt).getTime();
  return nextCheckSeconds(age, 30);
}

/**
 * Whether the next check is due. It is also due if nobody has checked since a person submitted, retried or cancelled the extract,
 * because that sends only one job.
 */
export function isCheckDue(extract: Extract, at: Date): boolean {
  const { state, cancelAskedAt, queuedAt, updatedAt } = extract;
  const pressedAt = cancelAskedAt ?? (state === 'queued' ? queuedAt : null);
  if (pressedAt && updatedAt <= pressedAt) return true;
  return checkIsDue(extract, secondsToNextCheck(extract), at);
}
