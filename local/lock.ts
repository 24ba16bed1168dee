import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';

/**
 * Takes `dir` for this process, by a lock that the system gives up when the process ends, however it ends. Returns what
 * releases it; null when another process has it.
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
