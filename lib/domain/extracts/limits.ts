import { dayMs, hourMs } from '../time';
/** Limits on extracts and their job runs. */
export const limits = {
  /** Queued and running extracts per tenant. */
  openPerTenant: 20,
  /** Job runs of all tenants at a time, whatever their plans allow. This count may lag briefly; Glue's own limit on the job is exact. */
  runningInAll: 8,
} as const;

/** Longest wait for a job run, ms. */
export const longestWaitMs = dayMs;
/** How long Annex keeps asking AWS to start a job run, ms. */
export const longestStartMs = hourMs;
/** A job run is stopped after this long, ms. */
export const longestRunMs = 3 * hourMs;
/** Annex gives up on a job run that has not stopped after this long, ms. */
export const longestStopMs = 10 * 60_000;
/** Older extracts cannot be retried, because the data has changed since, ms. */
export const longestRetryMs = 7 * dayMs;

/** A form may be sent this long after it was shown, ms. It decides the extract’s id, which tells the time of the form. */
export const longestFormMs = dayMs;

/** The earliest time at which an extract that is still open can have been requested. */
export const openSince = (now: Date): Date => new Date(now.getTime() - longestRetryMs - longestWaitMs);
