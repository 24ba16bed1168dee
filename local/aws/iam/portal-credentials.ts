import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const portalFile = (dir: string): string => join(dir, 'aws', 'portal-credentials.json');

/** The portal's long-lived key in the state folder `dir`. Rejects when the stand-in has never run there. */
export async function readPortalCredentials(dir: string): Promise<KeyPair> {
  const { accessKeyId, secretAccessKey } = JSON.parse(await readFile(portalFile(dir), 'utf8')) as KeyPair;
  return { accessKeyId, secretAccessKey };
}

/** Like `readPortalCredentials`, but creates the key at the first start. Only the owner can read the file. */
export async function ensurePortalCredentials(dir: string): Promise<KeyPair> {
  const existing = await readPortalCredentials(dir).catch(() => null);
  if (existing?.accessKeyId && existing.secretAccessKey) return existing;
  const pair = { accessKeyId: `AKIA${randomId(16)}`, secretAccessKey: randomBytes(30).toString('base64') };
  const file = portalFile(dir);
  const draft = `${file}.draft`;
  await mkdir(join(dir, 'aws'), { recursive: true });
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(pair, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(draft, 0o600);
  await rename(draft, file);
  return pair;
}

/** `length` random characters from the alphabet of AWS ids. */
export function randomId(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}
