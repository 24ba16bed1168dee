import { AsyncLocalStorage } from 'node:async_hooks';
import { oneInProcess } from './one-in-process';

/** The place of a request among those that may use the portal's one thread. */
export interface Turn {
  /** Gives the place to others: the request waits for something that is not this process. May be called again meanwhile. */
  pause(): void;
  /** Waits for a place again, once as many waits have ended as have begun. Does not throw. */
  resume(): Promise<void>;
  /** Whether all requests in progress are of its tenant. */
  isAlone(): boolean;
}

// The portal's server and Next's chunks have copies of this module.
const turns = oneInProcess('turns', () => new AsyncLocalStorage<Turn>());

/** Runs `work`, and all that it begins, in `turn`. */
export function inTurn<T>(turn: Turn, work: () => T): T {
  return turns.run(turn, work);
}

/**
 * Runs `work`, whose result several requests share, in no turn. In that of one of them it could wait for a place that another one
 * holds, which waits for this work.
 */
export function inNoTurn<T>(work: () => T): T {
  return turns.exit(work);
}

/**
 * What `wait` comes to, such as a read of the replica or a call to AWS. Meanwhile another request of the tenant may use the
 * thread. Outside the portal's requests this is `wait()`.
 */
export async function aside<T>(wait: () => Promise<T>): Promise<T> {
  const turn = turns.getStore();
  if (!turn) return wait();
  turn.pause();
  try {
    return await wait();
  } finally {
    await turn.resume();
  }
}

/**
 * As `aside`, for a wait of milliseconds: only while no other tenant has a request in progress. The thread is never idle then, which
 * another tenant would notice at each of its own steps.
 */
export const brieflyAside = <T>(wait: () => Promise<T>): Promise<T> =>
  turns.getStore()?.isAlone() ? aside(wait) : wait();
