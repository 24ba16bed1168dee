import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JWK } from 'oidc-provider';

/** The secrets of a user pool, created once per state folder. */
export interface PoolSecrets {
  readonly clientSecret: string;
  /** Signs the hosted UI's cookies. */
  readonly cookieKey: string;
  /** RS256 private key that signs the tokens, as a JWK. */
  readonly signingKey: JWK;
}

const fileName = 'cognito-secrets.json';

/** The pool's secrets in `dir`, created by the first call. Only their owner can read them. */
export async function poolSecrets(dir: string): Promise<PoolSecrets> {
  const file = join(dir, fileName);
  const kept = await read(file);
  if (kept) return kept;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, JSON.stringify(await generate()), { mode: 0o600 });
  try {
    // `link` fails when the name exists: the first process decides, and every other one reads the same secrets
    // afterwards.
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const made = await read(file);
  if (!made) throw new Error(`${file} can’t be read.`);
  return made;
}

/** The secret of the portal's app client. Creates the pool's secrets in `dir` when they are missing. */
export async function readClientSecret(dir: string): Promise<string> {
  return (await poolSecrets(dir)).clientSecret;
}

async function read(file: string): Promise<PoolSecrets | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : (JSON.parse(text) as PoolSecrets);
}

async function generate(): Promise<PoolSecrets> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(String(jwk.n)).digest('base64url');
  return {
    clientSecret: randomBytes(38).toString('base64url'),
    cookieKey: randomBytes(32).toString('base64url'),
    signingKey: { ...jwk, kid, use: 'sig', alg: 'RS256' } as JWK,
  };
}
