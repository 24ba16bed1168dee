import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';

/**
 * Locks `dir` for this process. The operating system releases the lock when the process ends for any reason. Returns a
 * function that releases it, or null when another process holds it.
 */
export async function takeLock(dir: string): Promise<(() => Promise<void>) | null> {
  await mkdir(dir, { recursive: true });
  const held = new Level(join(dir, 'lock'));
  try {
    await held.open();
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    if (cause?.code === 'LEVEL_LOCKED') return null;
    throw error;
  }
  return () => held.close();
}
