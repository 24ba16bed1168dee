import { dayMs, hourMs } from '../time';
/** How much of the extract job may be taken up. */
export const limits = {
  /** Extracts of a tenant that wait or run. */
  openPerTenant: 20,
  /** Runs of a tenant at a time; exact. */
  runningPerTenant: 2,
  /** Runs of all tenants at a time. The count may lag by moments; Glue's own limit on the job is exact. */
  runningInAll: 8,
} as const;

/** Longest that an extract waits for a run, ms. */
export const longestWaitMs = dayMs;
/** Longest that AWS is asked for a run anew, ms. */
export const longestStartMs = hourMs;
/** Longest that a run may take before it is stopped, ms. */
export const longestRunMs = 3 * hourMs;
/** Longest that stopping takes before the run is given up, ms. */
export const longestStopMs = 10 * 60_000;
/** An extract that is older is not retried: the data has moved on. */
export const longestRetryMs = 7 * dayMs;

/** From when on extracts that are not at their end may have been asked for. */
export const openSince = (now: Date): Date => new Date(now.getTime() - longestRetryMs - longestWaitMs);
