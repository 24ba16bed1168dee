import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { makeStateFile, readStateFile, type StateFile } from '@/local/state-file';

const schema = z.object({
  accessKeyId: z.string().regex(/^AKIA[A-Z2-7]{16}$/),
  secretAccessKey: z.string().regex(/^[A-Za-z0-9+/]{40}$/),
});

export type KeyPair = Readonly<z.infer<typeof schema>>;

type Holder = 'portal' | 'buyer';

const fileIn = (dir: string, holder: Holder): StateFile<KeyPair> => ({
  path: join(dir, 'aws', `${holder}-credentials.json`),
  schema,
  holds: `the ${holder}’s AWS key`,
  otherwise:
    'delete it: the next start makes another key, and programs that were given the old one need the new one.',
});

/** A long-lived key in the state folder `dir`. Rejects when the stand-in has never run there. */
async function readKey(dir: string, holder: Holder): Promise<KeyPair> {
  const file = fileIn(dir, holder);
  const kept = await readStateFile(file);
  if (!kept) throw new Error(`${file.path} is missing. The AWS stand-ins make it when they start.`);
  return kept;
}

/** The portal's long-lived key in the state folder `dir`. Rejects when the stand-in has never run there. */
export const readPortalCredentials = (dir: string): Promise<KeyPair> => readKey(dir, 'portal');

/** Like `readPortalCredentials`, for the administrator of the buyer's account. */
export const readBuyerCredentials = (dir: string): Promise<KeyPair> => readKey(dir, 'buyer');

const ensureKey = (dir: string, holder: Holder): Promise<KeyPair> =>
  makeStateFile(fileIn(dir, holder), () => ({
    accessKeyId: `AKIA${randomId(16)}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  }));

/**
 * Like `readPortalCredentials`, but creates the key at the first start. Only the owner can read the file. Throws CannotStart
 * when it is damaged.
 */
export const ensurePortalCredentials = (dir: string): Promise<KeyPair> => ensureKey(dir, 'portal');

/** Like `ensurePortalCredentials`, for the administrator of the buyer's account. */
export const ensureBuyerCredentials = (dir: string): Promise<KeyPair> => ensureKey(dir, 'buyer');

/** `length` random characters from the alphabet of AWS ids. */
export function randomId(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}
