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

/** Somebody is about to start the run of the attempt. It counts as running from here on: limits hold before Glue is asked. */
export function claimed(extract: Extract, at: Date): Extract {
  return { ...touched(extract, at), state: 'running', claims: extract.claims + 1, startedAt: at };
}

/** There was no room after all. */
export function released(extract: Extract, at: Date): Extract {
  return { ...touched(extract, at), state: 'queued', startedAt: null };
}

/** `runId` is the run of the attempt. */
export function started(extract: Extract, runId: string, at: Date): Extract {
  return { ...touched(extract, at), runId };
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

/** Somebody has looked at `extract`, and nothing had changed. */
export function touched(extract: Extract, at: Date): Extract {
  return { ...extract, updatedAt: at };
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
    requestedBy,
    requestedAt: extract.requestedAt.toISOString(),
  };
}

/** How long the extract has been in its present stage, ms. */
export function stageAge(extract: Extract, at: Date): number {
  return Math.max(0, at.getTime() - (extract.startedAt ?? extract.queuedAt).getTime());
}

/** Seconds until the next look at an extract whose stage is of this age (ms): often at first, then ever less. */
export function lookAgainSeconds(ageMs: number): number {
  return Math.min(30, Math.max(1, Math.round(ageMs / 10_000)));
}

/**
 * True when it is time for the look that follows the last write. Jobs that come earlier look too but do not send for
 * another look, so that there is never more than one chain of looks for long.
 */
export function lookIsDue(extract: Extract, at: Date): boolean {
  const wait = lookAgainSeconds(stageAge(extract, extract.updatedAt)) * 1000;
  const clockSkew = 500;
  return at.getTime() >= extract.updatedAt.getTime() + wait - clockSkew;
}
