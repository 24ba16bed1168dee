import { ulid } from 'ulid';

/** What Annex asks an endpoint for: the contract test, a look, a scoring or a comparison of a run. */
export type Purpose = 'test' | 'look' | `score-${number}` | `compare-${number}`;

/**
 * An `InferenceId`, another each time: `annex-<purpose>-<ulid>`, below SageMaker's 64 characters. It stands in the tenant's data
 * capture, where Annex's own requests would look like customers without it.
 */
export const inferenceId = (purpose: Purpose): string => `annex-${purpose}-${ulid()}`;
