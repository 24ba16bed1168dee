import type { Credential, CredentialStore } from '@/local/aws/iam/credentials';
import { AuthError } from './auth-error';
import { checkSignature, checkTime, type Signature, type SignedMessage, sameText } from './sigv4';

/**
 * The credential that signed `message`. `payloadHash` is the body's SHA-256 in hex, or what the request declares
 * instead. `now`: the time by AWS's clock. Throws AuthError.
 */
export function authenticate(
  credentials: CredentialStore,
  region: string,
  message: SignedMessage,
  signature: Signature,
  payloadHash: string,
  now: Date,
): Credential {
  const credential = credentials.find(signature.accessKeyId);
  const token = credential?.sessionToken ?? '';
  if (!credential || !sameText(token, signature.sessionToken ?? '')) {
    throw new AuthError('unknown-key', 'The security token included in the request is invalid.');
  }
  if (signature.region !== region) {
    throw new AuthError(
      'wrong-region',
      `Credential should be scoped to a valid region: expecting '${region}'.`,
    );
  }
  checkSignature(message, signature, credential.secretAccessKey, payloadHash);
  checkTime(signature, now);
  if (credential.expiresAt !== null && credential.expiresAt <= Date.now()) {
    throw new AuthError('expired-token', 'The security token included in the request is expired');
  }
  return credential;
}
