export type AuthFailure =
  | 'missing'
  | 'incomplete'
  | 'unknown-key'
  | 'expired-token'
  | 'mismatch'
  | 'skewed'
  | 'request-expired'
  | 'wrong-region';

/** A request that is not signed as it should be; each protocol has its own code for it (see http/errors.ts). */
export class AuthError extends Error {
  constructor(
    readonly failure: AuthFailure,
    message: string,
  ) {
    super(message);
    this.name = 'AuthError';
  }
}
