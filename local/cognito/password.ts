import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** A stored password: the scrypt hash and its own salt, both base64. */
export interface PasswordHash {
  readonly salt: string;
  readonly hash: string;
}

const keyBytes = 32;
const nobody: PasswordHash = {
  salt: Buffer.alloc(16).toString('base64'),
  hash: Buffer.alloc(keyBytes).toString('base64'),
};

/** Hashes `password` with a fresh salt. */
export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return { salt: salt.toString('base64'), hash: (await derive(password, salt)).toString('base64') };
}

/** Whether `password` matches the stored one. Takes the same time when none is stored. */
export async function isPassword(password: string, kept: PasswordHash | null): Promise<boolean> {
  const { salt, hash } = kept ?? nobody;
  const given = await derive(password, Buffer.from(salt, 'base64'));
  return timingSafeEqual(given, Buffer.from(hash, 'base64')) && kept !== null;
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // NFKC, so that the same password typed on another machine gives the same bytes (NIST SP 800-63B, 5.1.1.2).
    scrypt(password.normalize('NFKC'), salt, keyBytes, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
