import { ulid } from 'ulid';

/** Why Annex calls an endpoint: the contract test, a health check, a scoring run or a comparison. */
export type Purpose = 'test' | 'look' | `score-${number}` | `compare-${number}`;

/**
 * A new `InferenceId` per call: `annex-<purpose>-<ulid>`, below SageMaker's limit of 64 characters. It marks Annex's own requests
 * in the tenant's data capture, where they would otherwise look like customers.
 */
export const inferenceId = (purpose: Purpose): string => `annex-${purpose}-${ulid()}`;
