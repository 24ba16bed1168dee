import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Passwords of the servers of one state folder, by role. */
export interface Secrets {
  readonly annex_admin: string;
  readonly annex_owner: string;
  readonly annex_portal: string;
  readonly annex_extract: string;
  readonly annex_replica: string;
}

const password = (): string => randomBytes(24).toString('base64url');

/** Reads the passwords of the state folder; null when there are none yet. Adds that of a login newer than the folder. */
export async function readSecrets(dir: string): Promise<Secrets | null> {
  let known: Secrets;
  try {
    known = JSON.parse(await readFile(join(dir, 'secrets.json'), 'utf8'));
  } catch {
    return null;
  }
  return known.annex_extract ? known : keep(dir, { ...known, annex_extract: password() });
}

/** Creates passwords and stores them where only this user can read them. */
export async function makeSecrets(dir: string): Promise<Secrets> {
  return keep(dir, {
    annex_admin: password(),
    annex_owner: password(),
    annex_portal: password(),
    annex_extract: password(),
    annex_replica: password(),
  });
}

async function keep(dir: string, secrets: Secrets): Promise<Secrets> {
  const path = join(dir, 'secrets.json');
  await writeFile(`${path}.new`, JSON.stringify(secrets), { mode: 0o600 });
  await rename(`${path}.new`, path);
  return secrets;
}
