import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { CannotStart, isDiskFull } from './cannot-start';

/** A small private file of the state folder. */
export interface StateFile<T> {
  readonly path: string;
  /** JSON, unless it is `text`. */
  readonly format?: 'text';
  /** What the file must contain. */
  readonly schema: z.ZodType<T>;
  /** What is lost with it, such as `the passwords of the database`. */
  readonly holds: string;
  /** What to do without a copy of the file: `delete it: …`. */
  readonly otherwise: string;
}

/** The content of `file`; null when there is no such file. Throws CannotStart when it is damaged or cannot be read. */
export async function readStateFile<T>(file: StateFile<T>): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(file.path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return null;
    throw unusable(file, code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`, error);
  }
  if (text === '') throw unusable(file, 'is empty');
  const parsed = file.schema.safeParse(file.format === 'text' ? text : fromJson(file, text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? `: ${issue.path.join('.')} is wrong or missing` : '';
  throw unusable(file, `is damaged${where}`);
}

/**
 * The content of `file`, which `make` creates when there is none. Of several processes, the first decides, and all return
 * the same. Throws as `readStateFile`, and when the disk is full.
 */
export async function makeStateFile<T>(file: StateFile<T>, make: () => T | Promise<T>): Promise<T> {
  const kept = await readStateFile(file);
  if (kept !== null) return kept;
  const made = await make();
  const isOurs = await write(file, made, async (draft) => {
    try {
      // `link` fails when the name exists.
      await link(draft, file.path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  });
  if (isOurs) return made;
  return (await readStateFile(file)) ?? made;
}

/** Puts `content` in the place of what `file` contains. A stop at any moment leaves the old or the new. */
export async function replaceStateFile<T>(file: StateFile<T>, content: T): Promise<void> {
  await write(file, content, (draft) => rename(draft, file.path));
}

/** Whether a file is the draft of a state file, which a kill left. */
export const isDraft = (name: string): boolean => /\.[0-9a-f]{12}\.draft$/.test(name);

/** Writes the whole content under another name, to the disk, before `name` gives it its own. Only its owner can read it. */
async function write<T, R>(file: StateFile<T>, content: T, name: (draft: string) => Promise<R>): Promise<R> {
  const dir = dirname(file.path);
  const draft = `${file.path}.${randomBytes(6).toString('hex')}.draft`;
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await synced(draft, 'wx', (handle) =>
      handle.writeFile(file.format === 'text' ? String(content) : `${JSON.stringify(content, null, 2)}\n`),
    );
    const named = await name(draft);
    // The name, too, is on the disk.
    await synced(dir, 'r');
    return named;
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    throw new CannotStart(
      `The disk with ${file.path} is full. The file was not written. Free some space and try again.`,
      { cause: error },
    );
  } finally {
    await rm(draft, { force: true });
  }
}

async function synced(
  path: string,
  flags: string,
  work: (handle: Awaited<ReturnType<typeof open>>) => Promise<void> = async () => undefined,
): Promise<void> {
  const handle = await open(path, flags, 0o600);
  try {
    await work(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function fromJson<T>(file: StateFile<T>, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unusable(file, 'is damaged: it is not complete JSON', error);
  }
}

const unusable = <T>({ path, holds, otherwise }: StateFile<T>, why: string, cause?: unknown): CannotStart =>
  new CannotStart(`${path} ${why}. It holds ${holds}. Restore the file, or ${otherwise}`, { cause });
