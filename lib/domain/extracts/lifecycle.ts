import { checkIsDue, nextCheckSeconds, touched } from '../reconcile';
import type { Extract, ExtractFile, ManifestSeed } from './ports';

/** An extract as it begins: nobody has taken it up. */
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

/** Whether the extract has come to its end. */
export function isOver({ state }: Pick<Extract, 'state'>): boolean {
  return state !== 'queued' && state !== 'running';
}

/**
 * Somebody is about to start the run of the attempt. It counts as running from here on: limits hold before Glue is asked.
 * Whoever takes a claim over does not begin anew: `startedAt` stays that of the first.
 */
export function claimed(extract: Extract, at: Date): Extract {
  const startedAt = extract.startedAt ?? at;
  return { ...touched(extract, at), state: 'running', claims: extract.claims + 1, startedAt };
}

/** Longer than a call that starts a run can be on its way after its claim, ms. */
const onItsWayMs = 45_000;

/**
 * Whether nobody can be starting a run any more under the claim of `extract`. Nothing but the next claim touches a claimed
 * extract without a run, so that `updatedAt` is when it was claimed.
 */
export function claimIsGone({ updatedAt }: Extract, at: Date): boolean {
  return at.getTime() - updatedAt.getTime() > onItsWayMs;
}

/** A person asks for the end of the run. */
export function cancelAsked(extract: Extract, at: Date): Extract {
  return { ...extract, cancelAskedAt: at };
}

/** There was no capacity after all. */
export function released(extract: Extract, at: Date): Extract {
  return { ...touched(extract, at), state: 'queued', startedAt: null };
}

/** `runId` is the run of the attempt, started at `startedAt` or later. */
export function started(extract: Extract, runId: string, startedAt: Date | null, at: Date): Extract {
  return { ...touched(extract, at), runId, startedAt };
}

/** `file` is whole in the tenant's bucket, and its manifest says so. */
export function done(extract: Extract, file: ExtractFile, at: Date): Extract {
  return { ...touched(extract, at), state: 'done', file, finishedAt: at };
}

/** `reason` is a sentence for people. */
export function failed(extract: Extract, reason: string, at: Date): Extract {
  return { ...touched(extract, at), state: 'failed', reason, finishedAt: at };
}

/** Ended because somebody asked; the first time of asking is kept. */
export function cancelled(extract: Extract, at: Date): Extract {
  return {
    ...touched(extract, at),
    state: 'cancelled',
    cancelAskedAt: extract.cancelAskedAt ?? at,
    finishedAt: at,
  };
}

/** A failed extract as it goes on, under the next attempt. */
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

/** What its `manifest.json` says of the extract before there is a file. */
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

/** Seconds from the last write to the check that follows it: often at first in each stage, then ever less. */
export function secondsToNextCheck(extract: Extract): number {
  const { state, runId, cancelAskedAt, startedAt, queuedAt, updatedAt } = extract;
  if (state === 'running' && runId === null) return onItsWayMs / 1000 + 1;
  const age = updatedAt.getTime() - (cancelAskedAt ?? startedAt ?? queuedAt).getTime();
  return nextCheckSeconds(age, 30);
}

/**
 * Whether it is time for the check that follows the last write, or nobody has checked since a person pressed a button: that
 * sends one job, and no later check.
 */
export function isCheckDue(extract: Extract, at: Date): boolean {
  const { state, cancelAskedAt, queuedAt, updatedAt } = extract;
  const pressedAt = cancelAskedAt ?? (state === 'queued' ? queuedAt : null);
  if (pressedAt && updatedAt <= pressedAt) return true;
  return checkIsDue(extract, secondsToNextCheck(extract), at);
}
