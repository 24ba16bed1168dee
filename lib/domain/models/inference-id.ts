import { ulid } from 'ulid';

/** Why Annex calls an endpoint: the contract test, a health check, a scoring run or a comparison. */
export type Purpose = 'test' | 'look' | `score-${number}` | `compare-${number}`;

/**
 * A new `InferenceId` per call: `annex-<purpose>-<ulid>`, below SageMaker's limit of 64 characters. It marks Annex's own requests
 * in the tenant's data capture, where they would otherwise look like customers.
 */
export const inferenceId = (purpose: Purpose): string => `annex-${purpose}-${ulid()}`;

/** The kinds of Annex's own calls that monitoring tells apart; `look`: health checks. Comparisons count as scoring. */
export const ownCallKinds = ['scoring', 'look', 'test'] as const;
export type OwnCallKind = (typeof ownCallKinds)[number];

/** The kind of the call with that `InferenceId`. */
export function ownCallKindOf(id: string): OwnCallKind {
  if (id.startsWith('annex-test-')) return 'test';
  return id.startsWith('annex-look-') ? 'look' : 'scoring';
}
