import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { makeStateFile } from './state-file';

/** The secret of the portal's session cookie, created once per state folder. Throws CannotStart when its file is damaged. */
export function nextAuthSecret(dir: string): Promise<string> {
  return makeStateFile(
    {
      path: join(dir, 'secrets', 'nextauth-secret'),
      format: 'text',
      schema: z.string().regex(/^[\w-]{43}$/),
      holds: 'the key of the portal’s session cookies',
      otherwise: 'delete it: the next start makes another key, and everybody has to sign in again.',
    },
    () => randomBytes(32).toString('base64url'),
  );
}
