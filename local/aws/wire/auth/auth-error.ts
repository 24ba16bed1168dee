export type AuthFailure =
  | 'missing'
  | 'incomplete'
  | 'unknown-key'
  | 'expired-token'
  | 'mismatch'
  | 'unsigned-headers'
  | 'skewed'
  | 'request-expired'
  | 'wrong-region';

/** A request without a valid signature. Each protocol has its own code for it (see http/errors.ts). */
export class AuthError extends Error {
  constructor(
    readonly failure: AuthFailure,
    message: string,
  ) {
    super(message);
    this.name = 'AuthError';
  }
}
