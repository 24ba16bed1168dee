import { isAnnexError } from '@/lib/errors';

/** What happens to a message. */
export type Outcome =
  | { readonly kind: 'done' }
  /** A retry cannot help. */
  | { readonly kind: 'bury'; readonly reason: string }
  /** `reason`: what failed; null when nothing did, as when the worker stops. */
  | { readonly kind: 'retry'; readonly inSeconds: number; readonly reason: string | null }
  /** The work is not finished and continues at the end of its lane. Only for work in a lane. */
  | { readonly kind: 'again' };

/**
 * The outcome of a message whose handler threw. A refusal that will not change goes to the dead-letter queue at once; everything
 * else is retried, later each time, until the queue's own limit moves it there. Ten receives take ten minutes or more, longer
 * than a database takes to fail over.
 */
export function outcomeOf(error: unknown, receives: number, random: () => number = Math.random): Outcome {
  const final =
    isAnnexError(error) && !error.transient && error.code !== 'conflict' && error.code !== 'internal';
  const reason = reasonOf(error);
  if (final) return { kind: 'bury', reason };
  const base = Math.min(300, 2 ** Math.min(receives, 10));
  return { kind: 'retry', inSeconds: Math.max(1, Math.round(base * (0.75 + random() / 2))), reason };
}

/** Of our own errors their message, which is made to be shown. Any other may quote what it worked on, so only its name. */
function reasonOf(error: unknown): string {
  if (isAnnexError(error)) return `${error.code}: ${error.message}`;
  const name = error instanceof Error ? error.name : typeof error;
  return `internal: Annex failed unexpectedly (${name}). The worker’s log has the error under the id of the message.`;
}
