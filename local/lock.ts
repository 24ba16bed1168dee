import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { CannotStart } from './cannot-start';
import { usersOf } from './processes';

const lockIn = (dir: string): string => join(dir, 'lock');

/**
 * Locks `dir` for this process. The operating system releases the lock when the process ends for any reason. Returns a
 * function that releases it, or null when another process holds it. Throws CannotStart when that cannot be found out.
 */
export async function takeLock(dir: string): Promise<(() => Promise<void>) | null> {
  const held = await open(dir)
    .catch(async (error: unknown) => {
      if (!/^LEVEL_(CORRUPTION|IO_ERROR)$/.test(codeOf(error))) throw error;
      // It stores nothing, so what is damaged is made anew. Its file LOCK stays: another start may hold that meanwhile.
      for (const name of await readdir(lockIn(dir)))
        if (name !== 'LOCK') await rm(join(lockIn(dir), name), { recursive: true });
      return open(dir);
    })
    .catch((error: unknown) => {
      if (codeOf(error) === 'LEVEL_LOCKED') return null;
      throw new CannotStart(
        `${lockIn(dir)} cannot be locked (${causeOf(error).message}). Make ${dir} a folder that this user can write, delete ${lockIn(dir)}, or set ANNEX_STATE_DIR to another folder.`,
        { cause: error },
      );
    });
  return held && (() => held.close());
}

async function open(dir: string): Promise<Level> {
  await mkdir(dir, { recursive: true });
  const level = new Level(lockIn(dir));
  await level.open();
  return level;
}

/** Level wraps what LevelDB and the file system say. */
function causeOf(error: unknown): NodeJS.ErrnoException {
  const { cause } = error as Error;
  return cause instanceof Error ? cause : (error as Error);
}

const codeOf = (error: unknown): string => causeOf(error).code ?? '';

/** A sentence that says how to stop the Annex that holds the lock of `dir`. */
export async function howToStop(dir: string): Promise<string> {
  const [holder] = await usersOf(lockIn(dir));
  return `Stop it with Ctrl-C in its terminal${holder ? `, or with: kill ${holder.pid}` : '.'}`;
}
