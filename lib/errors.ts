/** The only kinds of failure that leave a verb, an adapter or a repository. */
export type ErrorCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'throttled'
  | 'dependency_denied'
  | 'dependency_failed'
  | 'internal';

export interface ErrorDetails {
  /** Form fields with what is wrong with each. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
  /** False when doing the same again cannot help; jobs give up on it. */
  readonly transient?: boolean;
}

/**
 * A failure whose `message` may be shown to a person: it says what happened, what was kept and what to do.
 * Never put credentials, tokens or presigned URLs into it.
 */
export class AnnexError extends Error {
  readonly code: ErrorCode;
  readonly fields: Readonly<Record<string, string>>;
  readonly transient: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AnnexError';
    this.code = code;
    this.fields = details.fields ?? {};
    this.transient = details.transient ?? (code === 'throttled' || code === 'dependency_failed');
  }
}

/** True for an AnnexError of one of the given codes (of any code when none is given). */
export function isAnnexError(error: unknown, ...codes: ErrorCode[]): error is AnnexError {
  return error instanceof AnnexError && (codes.length === 0 || codes.includes(error.code));
}
