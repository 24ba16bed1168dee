import { AnnexError, type ErrorCode, isAnnexError } from '@/lib/errors';

const codes: Readonly<Record<string, ErrorCode>> = {
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  RequestThrottled: 'throttled',
  OverLimit: 'throttled',
  SlowDown: 'throttled',
  ConcurrentRunsExceededException: 'throttled',
  ResourceNumberLimitExceededException: 'throttled',
  OperationInProgressException: 'throttled',
  AccessDenied: 'dependency_denied',
  AccessDeniedException: 'dependency_denied',
  UnauthorizedOperation: 'dependency_denied',
  ExpiredToken: 'dependency_denied',
  ExpiredTokenException: 'dependency_denied',
  InvalidClientTokenId: 'dependency_denied',
  InvalidAccessKeyId: 'dependency_denied',
  UnrecognizedClientException: 'dependency_denied',
  SignatureDoesNotMatch: 'dependency_denied',
  InvalidSignatureException: 'dependency_denied',
  RequestExpired: 'dependency_denied',
  CredentialsProviderError: 'dependency_denied',
  ResourceNotFound: 'not_found',
  ResourceNotFoundException: 'not_found',
  NoSuchBucket: 'not_found',
  NoSuchKey: 'not_found',
  EntityNotFoundException: 'not_found',
  NotFound: 'not_found',
  StackInstanceNotFoundException: 'not_found',
  OperationNotFoundException: 'not_found',
  StackSetNotFoundException: 'not_found',
  QueueDoesNotExist: 'not_found',
  UserNotFoundException: 'not_found',
  AccountNotFoundException: 'not_found',
  ConditionalCheckFailedException: 'conflict',
  TransactionConflictException: 'conflict',
  ConflictException: 'conflict',
  DuplicateResourceException: 'conflict',
  InvalidStateException: 'conflict',
  // SQS: the messages are being moved already.
  UnsupportedOperation: 'conflict',
  ResourceInUse: 'conflict',
  ResourceInUseException: 'conflict',
  OperationIdAlreadyExistsException: 'conflict',
  UsernameExistsException: 'conflict',
  AccountAlreadyClosedException: 'conflict',
  ConcurrentModificationException: 'throttled',
  UnsupportedUserStateException: 'conflict',
  BadRequestException: 'invalid',
  InvalidInputException: 'invalid',
  InvalidParametersException: 'invalid',
  InvalidParameterException: 'invalid',
  InvalidParameterValue: 'invalid',
  ValidationError: 'invalid',
  ValidationException: 'invalid',
};

const ofStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'dependency_denied',
  403: 'dependency_denied',
  404: 'not_found',
  409: 'conflict',
  429: 'throttled',
};

export interface SdkFailure {
  readonly name: string;
  readonly message: string;
  /** HTTP status; 0 when AWS did not respond. */
  readonly status: number;
}

/**
 * Runs an AWS call and converts its errors to AnnexError; nothing else does. `doing` says what was tried, as in
 * `reading the workbench`. Other errors (ours, bugs) pass unchanged.
 */
export async function aws<T>(doing: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw fromAws(doing, error);
  }
}

/** The AnnexError for an error of an AWS client, with the original as its `cause`. Returns any other error unchanged. */
export function fromAws(doing: string, error: unknown): unknown {
  const failure = error instanceof AnnexError ? null : sdkFailure(error);
  if (!failure) return error;
  const code = codeOf(failure);
  const quota = quotas.has(failure.name);
  // A failure with a status below 300 is a response that broke off, not a refusal.
  const refused = failure.status >= 300 && failure.status < 500;
  const transient =
    code === 'throttled' ||
    (code === 'dependency_failed' && !refused && !quota) ||
    passingRefusals.has(failure.name) ||
    // An answer to HEAD has no body. A denial is a 403 and an absence a 404, so a 400 says neither.
    (failure.name === 'Unknown' && failure.status === 400) ||
    isClockSkew(failure);
  const words = quota ? quotaWords(doing, failure) : wordsFor(code, doing, failure, transient);
  return new AnnexError(code, words, { cause: error, transient });
}

/**
 * Whether the SDK had retried before `error`. Then an earlier attempt may have succeeded although its response was
 * lost.
 */
export function wasRetried({ cause }: AnnexError): boolean {
  const { $metadata } = Object(cause) as { $metadata?: { attempts?: number } };
  return ($metadata?.attempts ?? 1) > 1;
}

/**
 * Whether `error` says that a resource of SageMaker is not there. It also responds with `ValidationException` for those, so only
 * the message distinguishes it from other errors.
 */
export const isMissing = (error: unknown): boolean =>
  isAnnexError(error, 'not_found') ||
  (isAnnexError(error, 'invalid') && /could not find|not found|does not exist/i.test(error.message));

/** A used-up quota of the account. It stays so until somebody raises it or frees resources. */
const quotas = new Set(['LimitExceededException', 'ResourceLimitExceeded']);

function quotaWords(doing: string, failure: SdkFailure): string {
  return `An AWS quota was reached while ${doing}: ${publicWords(failure.message)} Everything so far is kept. Ask your administrator to raise the quota, then try again.`;
}

/** Whether AWS refused the time of a signature. The SDK then goes by AWS's clock, but requests that were under way at that time fail. */
export const isClockSkew = ({ name, message }: SdkFailure): boolean =>
  /^(RequestTimeTooSkewed|RequestInTheFuture|RequestExpired)$/.test(name) ||
  (/^(InvalidSignatureException|SignatureDoesNotMatch)$/.test(name) &&
    /signature (expired|not yet current)/i.test(message));

/** Temporary refusals: the SDK fetches new credentials, or corrects its clock. */
const passingRefusals = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'CredentialsProviderError',
]);

function codeOf({ name, status }: SdkFailure): ErrorCode {
  return (
    (Object.hasOwn(codes, name) ? codes[name] : undefined) ??
    (quotas.has(name) ? undefined : ofStatus[status]) ??
    'dependency_failed'
  );
}

function wordsFor(code: ErrorCode, doing: string, failure: SdkFailure, transient: boolean): string {
  switch (code) {
    case 'throttled':
      return `AWS throttled requests while ${doing}. Nothing was lost. Try again in a minute.`;
    case 'dependency_denied':
      if (isClockSkew(failure))
        return `AWS refused a request while ${doing}, because its clock and that of Annex differ. Annex adjusts to that, and everything so far is kept. Try again in a minute. If it persists, ask your administrator to set the clock.`;
      return `AWS denied access while ${doing}. Everything so far is kept. Ask your administrator to check Annex’s permissions.`;
    case 'not_found':
      return `AWS could not find a required resource while ${doing}.`;
    case 'conflict':
      return `AWS reported a conflicting change while ${doing}. Reload to see the current state.`;
    case 'invalid':
      return `AWS rejected the request while ${doing}: ${publicWords(failure.message)}`;
    default:
      return transient
        ? `AWS did not respond correctly while ${doing}. Everything so far is kept. Try again in a minute.`
        : `AWS could not complete the request while ${doing} (${failure.name}). Everything so far is kept. Tell your administrator.`;
  }
}

/** AWS's message, cut to 300 characters, without URLs, which may contain signatures. */
export function publicWords(text: string): string {
  return text.replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '…').slice(0, 300);
}

const connectionFailures = new Set([
  'AbortError',
  'TimeoutError',
  'RequestTimeout',
  'NetworkingError',
  'CredentialsProviderError',
]);

/** The failure of an AWS client; null for any other error. */
export function sdkFailure(error: unknown): SdkFailure | null {
  if (!(error instanceof Error)) return null;
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: unknown };
  const unreachable =
    connectionFailures.has(error.name) || (typeof code === 'string' && /^E[A-Z]+/.test(code));
  if (!$metadata && !unreachable) return null;
  return { name: error.name, message: error.message, status: $metadata?.httpStatusCode ?? 0 };
}
