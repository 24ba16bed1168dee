import { createHmac } from 'node:crypto';
import type { Credential, CredentialStore } from '@/local/aws/iam/credentials';
import { AuthError } from './auth-error';
import { queryPairs, type SignedMessage, sameText } from './sigv4';

/** The older signature for presigned S3 URLs, which boto3 still uses by default in us-east-1. */
export interface QuerySignature {
  readonly accessKeyId: string;
  readonly signature: string;
  /** Epoch seconds, as text. */
  readonly expires: string;
  readonly query: ReadonlyMap<string, string>;
}

/** Parameters that select a sub-resource or change the response. They are part of what is signed. */
const signedParameters = new Set(
  'acl cors delete lifecycle location logging notification partNumber policy requestPayment response-cache-control response-content-disposition response-content-encoding response-content-language response-content-type response-expires restore tagging torrent uploadId uploads versionId versioning versions website'.split(
    ' ',
  ),
);

/** The signature in the query of a URL; null when there is none of this version. */
export function readQuerySignature(message: SignedMessage): QuerySignature | null {
  const query = new Map(queryPairs(message.url));
  const accessKeyId = query.get('AWSAccessKeyId');
  const signature = query.get('Signature');
  const expires = query.get('Expires');
  return accessKeyId && signature && expires ? { accessKeyId, signature, expires, query } : null;
}

/**
 * The credential that signed a presigned URL. `bucketInHost` is the bucket when the path does not contain it. Throws
 * AuthError. Source: S3 User Guide, "Signing and authenticating REST requests (AWS signature version 2)".
 */
export function authenticateQuery(
  credentials: CredentialStore,
  message: SignedMessage,
  given: QuerySignature,
  bucketInHost: string | null,
): Credential {
  const credential = credentials.find(given.accessKeyId);
  const token = given.query.get('x-amz-security-token') ?? '';
  if (!credential || !sameText(credential.sessionToken ?? '', token)) {
    throw new AuthError('unknown-key', 'The AWS Access Key Id you provided does not exist in our records.');
  }
  const text = stringToSign(message, given, bucketInHost);
  const expected = createHmac('sha1', credential.secretAccessKey).update(text).digest('base64');
  if (!sameText(expected, given.signature)) {
    throw new AuthError(
      'mismatch',
      'The request signature we calculated does not match the signature you provided.',
    );
  }
  if (!(Number(given.expires) * 1000 > Date.now()))
    throw new AuthError('request-expired', 'Request has expired');
  if (credential.expiresAt !== null && credential.expiresAt <= Date.now()) {
    throw new AuthError('expired-token', 'The provided token has expired.');
  }
  return credential;
}

function stringToSign(message: SignedMessage, given: QuerySignature, bucketInHost: string | null): string {
  // When clients presign, they move headers into the query.
  const header = (name: string) => message.headers[name]?.toString() ?? given.query.get(name) ?? '';
  const names = [...Object.keys(message.headers), ...given.query.keys()].map((name) => name.toLowerCase());
  const amz = [...new Set(names.filter((name) => name.startsWith('x-amz-')))].sort();
  const headers = amz.map((name) => `${name}:${header(name).trim()}\n`).join('');
  const sub = [...given.query]
    .filter(([name]) => signedParameters.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&');
  const path = `${bucketInHost === null ? '' : `/${bucketInHost}`}${message.url.split('?', 1)[0]}`;
  const resource = path + (sub === '' ? '' : `?${sub}`);
  return [
    message.method,
    header('content-md5'),
    header('content-type'),
    given.expires,
    headers + resource,
  ].join('\n');
}
