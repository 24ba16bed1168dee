/** Times, ms, and sizes of scoring with a tenant's model. */
export const limits = {
  /** Customers in one request: large enough that its overhead does not count, small enough to lose. */
  batchRows: 4000,
  /** SageMaker refuses a request of more than 4 MB; a little below. */
  bodyBytes: 4_000_000,
  /** Requests under way at a time: the next waits at the model while one is stored. */
  concurrency: 3,
  /** For a batch with all its attempts. */
  batchMs: 20_000,
  /** For one attempt. */
  attemptMs: 10_000,
  attempts: 4,
  /** Mean pause before the second attempt; doubles. */
  pauseMs: 200,
  /** A run without a sign of life for so long was cut off. Longer than a batch may take. */
  leaseMs: 30_000,
  /** For a look at an endpoint. */
  lookMs: 2500,
  /** Between looks at an endpoint that answers. */
  healthyMs: 15_000,
  /** Before the next look at one that has just failed. */
  doubtMs: 2000,
  /** Failures in a row that open the circuit. */
  failuresToOpen: 3,
  /** Until the first look at an open circuit; doubles with each trial. */
  reopenMs: 5000,
  longestReopenMs: 60_000,
  /** Until a run is tried after one that failed; doubles with each that fails. */
  rerunMs: 10_000,
  longestRerunMs: 15 * 60_000,
  /** A run that readers may still be reading is kept for so long. */
  tidyMs: 60_000,
  /** Customers that a comparison looks at. */
  sample: 50_000,
} as const;
