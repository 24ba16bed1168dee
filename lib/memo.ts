import { LRUCache } from 'lru-cache';
import { inNoTurn } from './turn';

interface Kept<V> {
  readonly answer: Promise<V>;
  readonly until: number;
}

/**
 * `ask` with a memory. Callers with the same key share one call while it is under way, and get its answer afterwards until
 * `until(answer)` (ms since 1970; by default for ever). A failure is not kept, nor is an answer whose time is over already. At
 * most `capacity` answers are kept; the least recently used goes first.
 */
export function memo<A, V>(
  ask: (asked: A) => Promise<V>,
  {
    keyOf,
    capacity,
    until = () => Number.POSITIVE_INFINITY,
    now = () => Date.now(),
  }: {
    readonly keyOf: (asked: A) => string;
    readonly capacity: number;
    readonly until?: ((answer: V) => number) | undefined;
    readonly now?: () => number;
  },
): (asked: A) => Promise<V> {
  const underWay = new Map<string, Promise<V>>();
  const kept = new LRUCache<string, Kept<V>>({ max: capacity });
  return (asked) => {
    const key = keyOf(asked);
    const present = kept.get(key);
    if (present && present.until > now()) return present.answer;
    const shared = underWay.get(key);
    if (shared) return shared;
    const answer = inNoTurn(() => ask(asked));
    underWay.set(key, answer);
    answer.then(
      (value) => {
        underWay.delete(key);
        const end = until(value);
        if (end > now()) kept.set(key, { answer, until: end });
      },
      () => underWay.delete(key),
    );
    return answer;
  };
}

/** As `memo`, for a question with one answer. */
export function memoOne<V>(ask: () => Promise<V>, until?: (answer: V) => number): () => Promise<V> {
  const remembered = memo<null, V>(ask, { keyOf: () => '', capacity: 1, until });
  return () => remembered(null);
}
