import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { CannotStart, isDiskFull } from './cannot-start';
import { named, usersOf } from './processes';

/** A LevelDB of the state folder. */
export interface LevelStore {
  readonly dir: string;
  /** What is lost with it, such as `the users of Cognito`. */
  readonly holds: string;
  /** Whether it was completed before. Then its files must be there. */
  readonly made: boolean;
}

/**
 * Opens a store of JSON values, made when it is new, after it was read to its end. Throws CannotStart when another process uses
 * it, when it cannot be opened, and when something of it is lost or damaged.
 */
export async function openLevel(store: LevelStore): Promise<Level<string, unknown>> {
  if (store.made) await requireFiles(store);
  const level = new Level<string, unknown>(store.dir, { valueEncoding: 'json' });
  try {
    await mkdir(store.dir, { recursive: true });
    await level.open();
    // LevelDB notices a damaged block only when somebody reads it.
    for await (const _ of level.iterator());
    return level;
  } catch (error) {
    await level.close();
    throw await explained(store, error);
  }
}

/** LevelDB makes a new store where CURRENT is missing, and misses no log; both would be a silent loss. */
async function requireFiles(store: LevelStore): Promise<void> {
  const names: readonly string[] = await readdir(store.dir).catch(() => []);
  if (names.length === 0) throw damaged(store, 'its files are missing');
  if (!existsSync(join(store.dir, 'CURRENT'))) throw damaged(store, 'the file CURRENT is missing');
  if (!names.some((name) => name.endsWith('.log'))) throw damaged(store, 'its log is missing');
}

async function explained(store: LevelStore, error: unknown): Promise<unknown> {
  const { code, message } = causeOf(error);
  if (code === 'LEVEL_LOCKED') {
    const [user] = await usersOf(store.dir);
    return new CannotStart(
      `The files in ${store.dir} are used by ${user ? named(user) : 'another process'}. Stop it, or set ANNEX_STATE_DIR to another folder.`,
      { cause: error },
    );
  }
  if (isDiskFull(message)) {
    return new CannotStart(
      `The disk with ${store.dir} is full. Free some space and start again. Stored data is kept.`,
      { cause: error },
    );
  }
  if (/Permission denied|EACCES|EPERM|Read-only/.test(message)) {
    return new CannotStart(`This user cannot read and write ${store.dir}. It holds ${store.holds}.`, {
      cause: error,
    });
  }
  const isDamage = /^(LEVEL_|EEXIST|ENOTDIR)/.test(code);
  return isDamage ? damaged(store, message.replaceAll('\n', ' '), error) : error;
}

/** What the file system or LevelDB itself said. */
function causeOf(error: unknown): { readonly code: string; readonly message: string } {
  const { cause } = error as { readonly cause?: unknown };
  const { code = '', message } = (cause instanceof Error ? cause : error) as NodeJS.ErrnoException;
  return { code, message };
}

const damaged = ({ dir, holds }: LevelStore, why: string, cause?: unknown): CannotStart =>
  new CannotStart(
    `${dir} is damaged: ${why}. It holds ${holds}. Restore the folder together with what is beside it, or start over with "npm run reset", which deletes all data.`,
    { cause },
  );
