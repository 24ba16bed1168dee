import { isAnnexError } from '@/lib/errors';

/** What `reconcile` needs in a record. Conditional writes compare its revision. */
interface Versioned {
  readonly updatedAt: Date;
  readonly revision: number;
}

/** What a capability supplies to `reconcile`. */
export interface Reconciler<R extends Versioned> {
  /** The record as stored now; null when there is none. */
  load(): Promise<R | null>;
  /**
   * Compares the record with AWS, starts what has to start, and returns the record to write; null when there is nothing to write.
   * Whatever it starts must be safe to start again, because the process may end before the write.
   */
  next(record: R): Promise<R | null>;
  /** Whether the record is in a final state, so that no further check is scheduled. */
  isOver(record: R): boolean;
  /** Sends the job for the next check of `record`; called before each write. */
  sendCheck(record: R): Promise<void>;
  /** Replaces the record if its stored revision is still `record.revision`. Throws `conflict` when another write came first. */
  update(record: R): Promise<R>;
  /** Records in the audit log how the record ended. Idempotent: every check of a record in a final state calls it. */
  recordEnd(record: R): Promise<void>;
  /** Runs after a write, and after `recordEnd`. Returns whether to check again at once. */
  afterWrite(before: R, written: R): Promise<boolean>;
}

/** Most writes per call. After that, the job sent before the last write continues. */
const mostWrites = 12;

/**
 * Brings a record up to date with what it describes: checks, writes what changed, and repeats until there is nothing to write for
 * now. It may run at any time, several times at once, and be interrupted anywhere:
 *
 * - each write is conditional on the revision that was read; when another write came first, the loop starts over;
 * - until the record is in a final state, the job for the next check is sent before each write, so that a next check always
 *   follows;
 * - the end is recorded after the write and again by each later check, in case the process ended in between.
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

/** How far the clocks of two workers may differ, ms. */
const clockSkewMs = 500;

/**
 * Whether the check due `seconds` after the last write is due at `at`. Jobs that come earlier (events, repeated deliveries) check
 * too but send no job, so that two chains of checks never coexist for long.
 */
export function checkIsDue({ updatedAt }: Versioned, seconds: number, at: Date): boolean {
  return at.getTime() >= updatedAt.getTime() + seconds * 1000 - clockSkewMs;
}

/** Seconds until the next check of something that started `ageMs` ago: short at first, then longer, at most `atMost`. */
export function nextCheckSeconds(ageMs: number, atMost: number): number {
  return Math.min(atMost, Math.max(1, Math.round(ageMs / 10_000)));
}

/** The result of `run`, or the message of a refusal that a retry cannot change. Throws errors that may pass. */
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
