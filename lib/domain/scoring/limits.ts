/** Times, ms, and sizes of scoring with a tenant's model. */
export const limits = {
  /** Most customers per request, where its overhead no longer matters; also the size of a page of customers. */
  batchRows: 4000,
  /** Rows of a run's first request: as many as the contract test sends. */
  firstRows: 100,
  /** A model that does not respond to this few rows, one request at a time, counts as failed. */
  leastRows: 10,
  /** Target time per request: long relative to its overhead, short relative to `attemptMs`. */
  requestMs: 1000,
  /** A request may have this many times the rows of one that succeeded. */
  growth: 8,
  /** Responses in a row after which a size that was too much may be tried again. */
  calmAnswers: 20,
  /** A little below 4 MB, above which SageMaker refuses a request. */
  bodyBytes: 4_000_000,
  /** Most requests in flight: the next waits at the model while one is being stored. */
  concurrency: 3,
  /** Time limit of a batch with all its attempts. */
  batchMs: 20_000,
  /** Time limit of one attempt. */
  attemptMs: 10_000,
  attempts: 4,
  /** Mean pause before the second attempt; doubles with each further one. */
  pauseMs: 200,
  /** How long a scoring run, or the model's part of a comparison, may continue while others wait. */
  turnMs: 60_000,
  /** The lease of a run lapses after this long without a sign of life. Longer than a batch may take. */
  leaseMs: 30_000,
  /** Time limit of a health check. */
  healthCheckMs: 2500,
  /** Between health checks of a healthy endpoint. A little less than between two sweeps, so that it is due at each. */
  healthyMs: 14_000,
  /** Before the next health check after a first failure. */
  doubtMs: 2000,
  /** Failures in a row that open the circuit. */
  failuresToOpen: 3,
  /** Until the first health check while the circuit is open; doubles with each trial. */
  reopenMs: 5000,
  longestReopenMs: 60_000,
  /** Until the next run after a failed one; doubles with each failure. */
  rerunMs: 10_000,
  longestRerunMs: 15 * 60_000,
  /** How long scores are kept that readers may still be reading. */
  tidyMs: 60_000,
  /** Most customers in a comparison. */
  sample: 50_000,
} as const;
