interface Waiter {
  grant(): void;
}

interface Places {
  /** Places that one key may hold at the same time. */
  readonly perKey: number;
  /** Places that all keys may hold together. */
  readonly inAll: number;
  /** Entrants of one key that may wait. */
  readonly waiting: number;
  /** Longest wait, ms. */
  readonly waitMs: number;
  /** What an entrant gets who finds the queue of the key full, or has waited for too long. */
  readonly refusal: () => Error;
}

export interface FairQueue {
  /**
   * Takes a place for `key`, and waits for one if need be. Returns a function that frees it and may be called twice. Throws the
   * `refusal`, or the reason of `signal` when that aborts during the wait.
   */
  enter(key: string, signal?: AbortSignal): Promise<() => void>;
  /** Whether no other key holds a place or waits for one. */
  isAlone(key: string): boolean;
  /** Places that `key` holds. */
  heldBy(key: string): number;
  /** The keys that hold places. */
  holders(): Iterable<string>;
}

/**
 * Shares places among keys, here tenants: a free place goes to the keys in turn, not to entrants in order of arrival. A key with
 * many entrants therefore delays the others by one entrant each, however many of its own wait.
 */
export function fairQueue({ perKey, inAll, waiting, waitMs, refusal }: Places): FairQueue {
  const held = new Map<string, number>();
  // A map keeps the order of insertion: the key that was served last stands last.
  const queues = new Map<string, Waiter[]>();
  let total = 0;

  const take = (key: string): (() => void) => {
    total += 1;
    held.set(key, (held.get(key) ?? 0) + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      total -= 1;
      const now = (held.get(key) ?? 1) - 1;
      if (now > 0) held.set(key, now);
      else held.delete(key);
      serve();
    };
  };

  const serve = (): void => {
    for (const [key, queue] of queues) {
      if (total >= inAll) return;
      if ((held.get(key) ?? 0) >= perKey) continue;
      const next = queue.shift();
      queues.delete(key);
      if (queue.length > 0) queues.set(key, queue);
      next?.grant();
    }
  };

  const wait = (key: string, signal: AbortSignal | undefined): Promise<() => void> =>
    new Promise((resolve, reject) => {
      const queue = queues.get(key) ?? [];
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      const waiter: Waiter = {
        grant: () => {
          settle();
          resolve(take(key));
        },
      };
      const leave = (why: unknown) => {
        settle();
        queue.splice(queue.indexOf(waiter), 1);
        if (queue.length === 0) queues.delete(key);
        reject(why);
      };
      const abort = () => leave(signal?.reason);
      const timer = setTimeout(() => leave(refusal()), waitMs).unref();
      signal?.addEventListener('abort', abort, { once: true });
      queue.push(waiter);
      queues.set(key, queue);
    });

  return {
    enter: async (key, signal) => {
      signal?.throwIfAborted();
      if (total < inAll && (held.get(key) ?? 0) < perKey) return take(key);
      if ((queues.get(key)?.length ?? 0) >= waiting) throw refusal();
      return wait(key, signal);
    },
    isAlone: (key) => [held, queues].every((keys) => keys.size === Number(keys.has(key))),
    heldBy: (key) => held.get(key) ?? 0,
    holders: () => held.keys(),
  };
}
