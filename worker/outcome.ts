import { isAnnexError } from '@/lib/errors';

/** What is to become of a message. */
export type Outcome =
  | { readonly kind: 'done' }
  /** Doing the same again cannot help. */
  | { readonly kind: 'bury'; readonly reason: string }
  | { readonly kind: 'retry'; readonly inSeconds: number }
  /** Its turn is over and its work is not: it goes on behind those that wait. Only for work in a lane. */
  | { readonly kind: 'again' };

/**
 * What becomes of a message whose handler threw: a refusal that will not change goes to the dead-letter queue at once;
 * everything else is tried again, later each time, until the queue's own limit takes it there. With ten receives that is after ten
 * minutes or more: longer than a database takes to fail over.
 */
export function outcomeOf(error: unknown, receives: number, random: () => number = Math.random): Outcome {
  const final =
    isAnnexError(error) && !error.transient && error.code !== 'conflict' && error.code !== 'internal';
  if (final) return { kind: 'bury', reason: `${error.code}: ${error.message}` };
  const base = Math.min(300, 2 ** Math.min(receives, 10));
  return { kind: 'retry', inSeconds: Math.max(1, Math.round(base * (0.75 + random() / 2))) };
}
