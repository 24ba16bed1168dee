import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { makeStateFile, readStateFile, replaceStateFile, type StateFile } from '../state-file';

const password = z.string().regex(/^[\w-]{32}$/);
const schema = z.object({
  annex_admin: password,
  annex_owner: password,
  annex_portal: password,
  /** This login is newer than some state folders. */
  annex_extract: password.optional(),
  annex_replica: password,
});

/** Passwords of the servers of one state folder, by role. */
export type Secrets = Readonly<Record<keyof z.infer<typeof schema>, string>>;

const fileIn = (dir: string): StateFile<z.infer<typeof schema>> => ({
  path: join(dir, 'secrets.json'),
  schema,
  holds: 'the passwords of the database in the same folder',
  otherwise: 'start over with "npm run reset", which deletes all data.',
});

const newPassword = (): string => randomBytes(24).toString('base64url');

/**
 * Reads the passwords of the database in `dir`; null when the file is gone. Adds that of a login newer than the folder. Throws
 * CannotStart when the file is damaged.
 */
export async function readSecrets(dir: string): Promise<Secrets | null> {
  const known = await readStateFile(fileIn(dir));
  return known && complete(dir, known);
}

/** Creates passwords and stores them where only this user can read them; those of an earlier start that was ended are kept. */
export async function makeSecrets(dir: string): Promise<Secrets> {
  const made = await makeStateFile(fileIn(dir), () => ({
    annex_admin: newPassword(),
    annex_owner: newPassword(),
    annex_portal: newPassword(),
    annex_extract: newPassword(),
    annex_replica: newPassword(),
  }));
  return complete(dir, made);
}

async function complete(dir: string, known: z.infer<typeof schema>): Promise<Secrets> {
  const { annex_extract } = known;
  if (annex_extract !== undefined) return { ...known, annex_extract };
  const completed = { ...known, annex_extract: newPassword() };
  await replaceStateFile(fileIn(dir), completed);
  return completed;
}
