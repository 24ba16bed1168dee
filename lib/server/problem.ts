import type { Log } from '@/lib/domain/context';
import { type ErrorCode, isAnnexError } from '@/lib/errors';

/** A failure as it reaches a person or a client. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  /** Form fields with what is wrong with each. */
  readonly fields: Readonly<Record<string, string>>;
  /** The request's id; the log has more details under it. */
  readonly reference: string;
}

const statuses: Readonly<Record<ErrorCode, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  throttled: 429,
  internal: 500,
  dependency_denied: 502,
  dependency_failed: 503,
};

/** The HTTP status of a problem. */
export const statusOf = (problem: Pick<Problem, 'code'>): number => statuses[problem.code];

/** A problem as a route answers it (RFC 9457). */
export function problemDocument(problem: Problem): Response {
  const status = statusOf(problem);
  return Response.json(
    { type: 'about:blank', title: problem.code, status, detail: problem.message, ...problem },
    { status, headers: { 'content-type': 'application/problem+json' } },
  );
}

/** Returns the part of `error` that a person may see, and logs the rest. */
export function problemOf(error: unknown, requestId: string, log: Log): Problem {
  if (isAnnexError(error)) {
    if (statuses[error.code] >= 500) log.error({ err: error, code: error.code }, 'request failed');
    else log.info({ code: error.code, reason: error.message }, 'request rejected');
    return { code: error.code, message: error.message, fields: error.fields, reference: requestId };
  }
  log.error({ err: error, code: 'internal' }, 'request failed unexpectedly');
  const message = `Something went wrong on our side. Try again. If the problem persists, tell your administrator this reference: ${requestId}.`;
  return { code: 'internal', message, fields: {}, reference: requestId };
}
