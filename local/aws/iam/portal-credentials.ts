import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { makeStateFile, readStateFile, type StateFile } from '@/local/state-file';

const schema = z.object({
  accessKeyId: z.string().regex(/^AKIA[A-Z2-7]{16}$/),
  secretAccessKey: z.string().regex(/^[A-Za-z0-9+/]{40}$/),
});

export type KeyPair = Readonly<z.infer<typeof schema>>;

const fileIn = (dir: string): StateFile<KeyPair> => ({
  path: join(dir, 'aws', 'portal-credentials.json'),
  schema,
  holds: 'the portal’s AWS key',
  otherwise:
    'delete it: the next start makes another key, and programs that were given the old one need the new one.',
});

/** The portal's long-lived key in the state folder `dir`. Rejects when the stand-in has never run there. */
export async function readPortalCredentials(dir: string): Promise<KeyPair> {
  const file = fileIn(dir);
  const kept = await readStateFile(file);
  if (!kept) throw new Error(`${file.path} is missing. The AWS stand-ins make it when they start.`);
  return kept;
}

/**
 * Like `readPortalCredentials`, but creates the key at the first start. Only the owner can read the file. Throws CannotStart
 * when it is damaged.
 */
export async function ensurePortalCredentials(dir: string): Promise<KeyPair> {
  return makeStateFile(fileIn(dir), () => ({
    accessKeyId: `AKIA${randomId(16)}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  }));
}

/** `length` random characters from the alphabet of AWS ids. */
export function randomId(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}
