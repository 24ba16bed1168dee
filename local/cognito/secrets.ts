import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { makeStateFile, type StateFile } from '../state-file';

const number = z.string().regex(/^[\w-]+$/);
const schema = z.object({
  clientSecret: z.string().regex(/^[\w-]{51}$/),
  /** Signs the hosted UI's cookies. */
  cookieKey: z.string().regex(/^[\w-]{43}$/),
  /** RS256 private key that signs the tokens, as a JWK. */
  signingKey: z.object({
    kty: z.literal('RSA'),
    n: number,
    e: number,
    d: number,
    p: number,
    q: number,
    dp: number,
    dq: number,
    qi: number,
    kid: number,
    use: z.literal('sig'),
    alg: z.literal('RS256'),
  }),
});

/** The secrets of a user pool, created once per state folder. */
export type PoolSecrets = Readonly<z.infer<typeof schema>>;

const fileIn = (dir: string): StateFile<PoolSecrets> => ({
  path: join(dir, 'cognito-secrets.json'),
  schema,
  holds: 'the keys of the Cognito stand-in',
  otherwise: 'delete it: the next start makes new keys, and everybody has to sign in again.',
});

/**
 * The pool's secrets in `dir`, created by the first call. Only their owner can read them. Throws CannotStart when the file is
 * damaged.
 */
export async function poolSecrets(dir: string): Promise<PoolSecrets> {
  return makeStateFile(fileIn(dir), generate);
}

/** The secret of the portal's app client. Creates the pool's secrets in `dir` when they are missing. */
export async function readClientSecret(dir: string): Promise<string> {
  return (await poolSecrets(dir)).clientSecret;
}

async function generate(): Promise<PoolSecrets> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(String(jwk.n)).digest('base64url');
  return schema.parse({
    clientSecret: randomBytes(38).toString('base64url'),
    cookieKey: randomBytes(32).toString('base64url'),
    signingKey: { ...jwk, kid, use: 'sig', alg: 'RS256' },
  });
}
