/** Times, ms, and sizes of scoring with a tenant's model. */
export const limits = {
  /** Customers in one request at most: its overhead does not count any more. Also what is read at a time. */
  batchRows: 4000,
  /** Of the first request of a scoring: as many as the contract test asks. */
  firstRows: 100,
  /** A model that does not answer so few, one request at a time, does not answer. */
  leastRows: 10,
  /** How long a request should take: long against its overhead, short against `attemptMs`. */
  requestMs: 1000,
  /** Times that a request may be larger than one that was answered. */
  growth: 8,
  /** Answers in a row after which a size that was too much may be tried again. */
  calmAnswers: 20,
  /** SageMaker refuses a request of more than 4 MB; a little below. */
  bodyBytes: 4_000_000,
  /** Requests under way at a time at most: the next waits at the model while one is stored. */
  concurrency: 3,
  /** For a batch with all its attempts. */
  batchMs: 20_000,
  /** For one attempt. */
  attemptMs: 10_000,
  attempts: 4,
  /** Mean pause before the second attempt; doubles. */
  pauseMs: 200,
  /** How long a scoring, or the model's part of a comparison, may go on while others wait. */
  turnMs: 60_000,
  /** A run without a sign of life for so long was cut off. Longer than a batch may take. */
  leaseMs: 30_000,
  /** For a look at an endpoint. */
  healthCheckMs: 2500,
  /** Between looks at an endpoint that answers. A little less than between two sweeps, so that each finds it due. */
  healthyMs: 14_000,
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
