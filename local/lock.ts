import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { usersOf } from './processes';

const lockIn = (dir: string): string => join(dir, 'lock');

/**
 * Locks `dir` for this process. The operating system releases the lock when the process ends for any reason. Returns a
 * function that releases it, or null when another process holds it.
 */
export async function takeLock(dir: string): Promise<(() => Promise<void>) | null> {
  await mkdir(dir, { recursive: true });
  const held = new Level(lockIn(dir));
  try {
    await held.open();
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    if (cause?.code === 'LEVEL_LOCKED') return null;
    throw error;
  }
  return () => held.close();
}

/** A sentence that says how to stop the Annex that holds the lock of `dir`. */
export async function howToStop(dir: string): Promise<string> {
  const [holder] = await usersOf(lockIn(dir));
  return `Stop it with Ctrl-C in its terminal${holder ? `, or with: kill ${holder.pid}` : '.'}`;
}
