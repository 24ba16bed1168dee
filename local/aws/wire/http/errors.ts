import type { ServerResponse } from 'node:http';
import { DiskFull } from '@/local/aws/core/disk-space';
import { AwsError, type RpcService } from '@/local/aws/core/service';
import { isDiskFull } from '@/local/cannot-start';
import { AuthError, type AuthFailure } from '../auth/auth-error';
import { queryError } from './query';
import { element, xmlDeclaration } from './xml';

export type Shape = RpcService['protocol'] | 's3';

type Code = readonly [code: string, status: number];

/** AWS's error codes for each failure: of JSON services, of Query services and of S3. */
const authCodes: Record<AuthFailure, readonly [json: Code, query: Code, s3: Code]> = {
  missing: [
    ['MissingAuthenticationTokenException', 400],
    ['MissingAuthenticationToken', 403],
    ['AccessDenied', 403],
  ],
  incomplete: [
    ['IncompleteSignatureException', 400],
    ['IncompleteSignature', 400],
    ['AuthorizationHeaderMalformed', 400],
  ],
  'unknown-key': [
    ['UnrecognizedClientException', 400],
    ['InvalidClientTokenId', 403],
    ['InvalidAccessKeyId', 403],
  ],
  'expired-token': [
    ['ExpiredTokenException', 400],
    ['ExpiredToken', 403],
    ['ExpiredToken', 400],
  ],
  mismatch: [
    ['InvalidSignatureException', 400],
    ['SignatureDoesNotMatch', 403],
    ['SignatureDoesNotMatch', 403],
  ],
  'unsigned-headers': [
    ['InvalidSignatureException', 400],
    ['SignatureDoesNotMatch', 403],
    ['AccessDenied', 403],
  ],
  skewed: [
    ['InvalidSignatureException', 400],
    ['SignatureDoesNotMatch', 403],
    ['RequestTimeTooSkewed', 403],
  ],
  'request-expired': [
    ['InvalidSignatureException', 400],
    ['RequestExpired', 400],
    ['AccessDenied', 403],
  ],
  'wrong-region': [
    ['InvalidSignatureException', 400],
    ['SignatureDoesNotMatch', 403],
    ['AuthorizationHeaderMalformed', 400],
  ],
};

/** The error as an AWS error of that `shape`; null for an unexpected error. */
export function awsErrorOf(error: unknown, shape: Shape): AwsError | null {
  if (error instanceof AwsError) return error;
  if (isDiskFull(error)) {
    const { message } = new DiskFull();
    return shape === 's3'
      ? new AwsError('InsufficientStorage', message, 507)
      : new AwsError('InternalFailure', message, 500);
  }
  if (!(error instanceof AuthError)) return null;
  const [json, query, s3] = authCodes[error.failure];
  const [code, status] = shape === 's3' ? s3 : shape === 'query' ? query : json;
  return new AwsError(code, error.message, status);
}

/** Responds with `error` in `shape`. If a response has already begun, cuts the connection so that the client notices. */
export function sendError(
  response: ServerResponse,
  shape: Shape,
  error: AwsError,
  requestId: string,
  namespace = '',
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (shape === 's3') sendXml(response, error.status, s3Error(error, requestId), requestId);
  else if (shape === 'query') {
    sendXml(response, error.status, queryError(error, namespace, requestId), requestId);
  } else {
    response.setHeader('x-amzn-errortype', error.code);
    const body = { ...error.detail, __type: error.code, message: error.message };
    sendJson(response, shape, error.status, body, requestId);
  }
}

/** Responds in an AWS JSON protocol. Dates become seconds since 1970. */
export function sendJson(
  response: ServerResponse,
  shape: 'json-1.0' | 'json-1.1',
  status: number,
  body: unknown,
  requestId: string,
): void {
  const text = JSON.stringify(epochSeconds(body ?? {}));
  response.writeHead(status, {
    'content-type': `application/x-amz-${shape}`,
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': requestId,
  });
  response.end(text);
}

/** Responds in an XML protocol. `body` is the root element. */
export function sendXml(response: ServerResponse, status: number, body: string, requestId: string): void {
  const text = xmlDeclaration + body;
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': requestId,
    'x-amz-request-id': requestId,
  });
  response.end(text);
}

function s3Error(error: AwsError, requestId: string): string {
  return element('Error', {
    Code: error.code,
    Message: error.message,
    ...error.detail,
    RequestId: requestId,
    HostId: 'annex',
  });
}

function epochSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(epochSeconds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, epochSeconds(entry)]));
}
