import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Passwords of the servers of one state folder, by role. */
export interface Secrets {
  readonly annex_admin: string;
  readonly annex_owner: string;
  readonly annex_portal: string;
  readonly annex_replica: string;
}

/** Reads the passwords of the state folder; null when there are none yet. */
export async function readSecrets(dir: string): Promise<Secrets | null> {
  try {
    return JSON.parse(await readFile(join(dir, 'secrets.json'), 'utf8'));
  } catch {
    return null;
  }
}

/** Creates passwords and stores them where only this user can read them. */
export async function makeSecrets(dir: string): Promise<Secrets> {
  const password = () => randomBytes(24).toString('base64url');
  const secrets: Secrets = {
    annex_admin: password(),
    annex_owner: password(),
    annex_portal: password(),
    annex_replica: password(),
  };
  const path = join(dir, 'secrets.json');
  await writeFile(`${path}.new`, JSON.stringify(secrets), { mode: 0o600 });
  await rename(`${path}.new`, path);
  return secrets;
}
