import { isAnnexError } from '@/lib/errors';

/** What the loop needs of a record: conditional writes compare its revision. */
interface Versioned {
  readonly updatedAt: Date;
  readonly revision: number;
}

/** What one capability adds to the loop. */
export interface Reconciler<R extends Versioned> {
  /** The record as it is stored now; null when there is none. */
  load(): Promise<R | null>;
  /**
   * Compares the record with what is there, starts what is to be started, and returns the record as it is to be written; null
   * when there is nothing to write. What it starts must be safe to start again: the process may end before the write.
   */
  next(record: R): Promise<R | null>;
  /** Whether the record is in a final state: no check follows by itself. */
  isOver(record: R): boolean;
  /** Sends the job for the check that follows once `record` is written. */
  sendCheck(record: R): Promise<void>;
  /** Replaces the record of `record.revision`. Throws `conflict` when another write came first. */
  update(record: R): Promise<R>;
  /** Puts on record how the record ended. Idempotent: every check of a record that is over calls it. */
  recordEnd(record: R): Promise<void>;
  /** What else follows a write, after `recordEnd`. Returns whether the next check begins at once. */
  afterWrite(before: R, written: R): Promise<boolean>;
}

/** Writes per call. Whoever is interfered with more often goes on with the job that was sent before the last write. */
const mostWrites = 12;

/**
 * Brings a record to the state of what it stands for: checks, writes what has changed, and goes on until there is nothing more
 * to write for now. May run at any time, any number of times, several times at once, and be cut off anywhere:
 *
 * - a write is conditional on the revision that was read; when another came first, the loop starts over;
 * - while the record is not over, the job for the next check is sent before each write, so that no write is the last one;
 * - the end is put on record after the write, and again by each later check, in case the process ended between the two.
 *
 * Returns the record as last read or written; null when there is none. Throws what the reconciler throws.
 */
export async function reconcile<R extends Versioned>(reconciler: Reconciler<R>): Promise<R | null> {
  let record: R | null = null;
  for (let writes = 0; writes < mostWrites; writes += 1) {
    record = await reconciler.load();
    if (!record) return null;
    if (reconciler.isOver(record)) await reconciler.recordEnd(record);
    const next = await reconciler.next(record);
    if (!next) return record;
    const written = await write(reconciler, next);
    if (written && !(await reconciler.afterWrite(record, written))) return written;
  }
  return record;
}

/** The record as written; null when another write came first. */
async function write<R extends Versioned>(reconciler: Reconciler<R>, next: R): Promise<R | null> {
  if (!reconciler.isOver(next)) await reconciler.sendCheck(next);
  const written = await updated(reconciler, next);
  if (written && reconciler.isOver(written)) await reconciler.recordEnd(written);
  return written;
}

async function updated<R extends Versioned>(reconciler: Reconciler<R>, next: R): Promise<R | null> {
  try {
    return await reconciler.update(next);
  } catch (error) {
    if (isAnnexError(error, 'conflict')) return null;
    throw error;
  }
}

/** The record after a check that found nothing new. */
export const touched = <R extends Versioned>(record: R, at: Date): R => ({ ...record, updatedAt: at });

/** Clocks of two workers may differ by this, ms. */
const clockSkewMs = 500;

/**
 * Whether the check that follows the last write after `seconds` is due. Jobs that come earlier (events, repeated deliveries)
 * check too, but send no job: there is never more than one chain of checks for long.
 */
export function checkIsDue({ updatedAt }: Versioned, seconds: number, at: Date): boolean {
  return at.getTime() >= updatedAt.getTime() + seconds * 1000 - clockSkewMs;
}

/** Seconds until the next check of something that has been under way for `ageMs`: often at first, then ever less. */
export function nextCheckSeconds(ageMs: number, atMost: number): number {
  return Math.min(atMost, Math.max(1, Math.round(ageMs / 10_000)));
}

/** What `run` gives, or the words for people of a refusal that trying again cannot change. Throws what may pass. */
export async function orRefusal<T extends object>(
  run: () => Promise<T>,
): Promise<T | { readonly refusal: string }> {
  try {
    return await run();
  } catch (error) {
    if (!isAnnexError(error) || error.transient || error.code === 'internal') throw error;
    return { refusal: error.message };
  }
}
