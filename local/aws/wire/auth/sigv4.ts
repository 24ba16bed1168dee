import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AuthError } from './auth-error';

/** The parts of a request that are signed. `url` is path and query exactly as received. */
export interface SignedMessage {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The parts of a Signature Version 4 in a request. */
export interface Signature {
  readonly accessKeyId: string;
  /** `<yyyymmdd>/<region>/<service>/aws4_request` */
  readonly scope: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `yyyymmddThhmmssZ` */
  readonly time: string;
  readonly sessionToken: string | null;
  /** Seconds for which a presigned URL is valid; null for a signature in a header. */
  readonly expiresSeconds: number | null;
}

const algorithm = 'AWS4-HMAC-SHA256';
export const unsignedPayload = 'UNSIGNED-PAYLOAD';
const maxSkewMs = 15 * 60_000;
const maxPresignedSeconds = 7 * 24 * 3600;

/** Reads the signature from the Authorization header or a presigned query; null when there is none. Throws AuthError. */
export function readSignature(message: SignedMessage): Signature | null {
  const header = one(message.headers.authorization);
  if (header !== undefined) return readHeader(header, message);
  const query = new Map(queryPairs(message.url));
  return query.has('X-Amz-Algorithm') || query.has('X-Amz-Signature') ? readQuery(query) : null;
}

function readHeader(header: string, message: SignedMessage): Signature {
  const [kind, ...rest] = header.trim().split(' ');
  if (kind !== algorithm) throw new AuthError('incomplete', `Unsupported AWS 'algorithm': '${kind}'.`);
  const parts = new Map(
    rest
      .join(' ')
      .split(',')
      .map((part) => {
        const [name = '', ...value] = part.trim().split('=');
        return [name, value.join('=')] as const;
      }),
  );
  return assemble({
    credential: parts.get('Credential'),
    signedHeaders: parts.get('SignedHeaders'),
    signature: parts.get('Signature'),
    time: one(message.headers['x-amz-date']) ?? basicTime(one(message.headers.date)),
    sessionToken: one(message.headers['x-amz-security-token']),
    expiresSeconds: null,
  });
}

function readQuery(query: ReadonlyMap<string, string>): Signature {
  const kind = query.get('X-Amz-Algorithm');
  if (kind !== algorithm) throw new AuthError('incomplete', `Unsupported X-Amz-Algorithm: '${kind ?? ''}'.`);
  const expires = Number(query.get('X-Amz-Expires'));
  if (!Number.isInteger(expires) || expires < 1 || expires > maxPresignedSeconds) {
    throw new AuthError(
      'incomplete',
      `X-Amz-Expires must be a number of seconds from 1 to ${maxPresignedSeconds}.`,
    );
  }
  return assemble({
    credential: query.get('X-Amz-Credential'),
    signedHeaders: query.get('X-Amz-SignedHeaders'),
    signature: query.get('X-Amz-Signature'),
    time: query.get('X-Amz-Date'),
    sessionToken: query.get('X-Amz-Security-Token'),
    expiresSeconds: expires,
  });
}

function assemble(parts: {
  credential: string | undefined;
  signedHeaders: string | undefined;
  signature: string | undefined;
  time: string | undefined;
  sessionToken: string | undefined;
  expiresSeconds: number | null;
}): Signature {
  const [accessKeyId, day, region, service, end, ...more] = (parts.credential ?? '').split('/');
  if (!accessKeyId || !day || !region || !service || end !== 'aws4_request' || more.length > 0) {
    throw new AuthError('incomplete', 'Credential must be <key>/<yyyymmdd>/<region>/<service>/aws4_request.');
  }
  if (!parts.signedHeaders || !parts.signature) {
    throw new AuthError('incomplete', 'The signature needs SignedHeaders and Signature.');
  }
  if (!parts.time || !/^\d{8}T\d{6}Z$/.test(parts.time)) {
    throw new AuthError('incomplete', "Date must be in ISO-8601 'basic format'.");
  }
  const signedHeaders = parts.signedHeaders.split(';');
  if (!signedHeaders.includes('host')) {
    throw new AuthError('incomplete', "'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (!parts.time.startsWith(day)) {
    throw new AuthError('mismatch', 'Date in Credential scope does not match the date of the request.');
  }
  return {
    accessKeyId,
    scope: `${day}/${region}/${service}/aws4_request`,
    day,
    region,
    service,
    signedHeaders,
    signature: parts.signature,
    time: parts.time,
    sessionToken: parts.sessionToken ?? null,
    expiresSeconds: parts.expiresSeconds,
  };
}

/** Throws AuthError when the signature is too old or from the future, or when a presigned URL has expired. */
export function checkTime(signature: Signature, now: Date): void {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(signature.time) ?? [];
  const signedAt = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  if (!Number.isFinite(signedAt))
    throw new AuthError('incomplete', "Date must be in ISO-8601 'basic format'.");
  const ageMs = now.getTime() - signedAt;
  if (signature.expiresSeconds === null) {
    if (Math.abs(ageMs) <= maxSkewMs) return;
    throw new AuthError(
      'skewed',
      `Signature not yet current or expired: ${signature.time} is not within 15 min. of now.`,
    );
  }
  if (ageMs > signature.expiresSeconds * 1000) throw new AuthError('request-expired', 'Request has expired');
  if (ageMs < -maxSkewMs) throw new AuthError('request-expired', 'Request is not yet valid');
}

/** Throws AuthError unless `secret` gives `signature` for the request. `payloadHash` is hex or a keyword of SigV4. */
export function checkSignature(
  message: SignedMessage,
  signature: Signature,
  secret: string,
  payloadHash: string,
): void {
  for (const name of Object.keys(message.headers)) {
    if (name.startsWith('x-amz-') && !signature.signedHeaders.includes(name)) {
      throw new AuthError(
        'unsigned-headers',
        `There were headers present in the request which were not signed: ${name}`,
      );
    }
  }
  const canonical = canonicalRequest(message, signature, payloadHash);
  const toSign = [algorithm, signature.time, signature.scope, sha256(canonical)].join('\n');
  const expected = hmac(signingKey(secret, signature), toSign).toString('hex');
  if (!sameText(expected, signature.signature)) {
    throw new AuthError(
      'mismatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }
}

/** The key for the day, region and service in `signature`. Source: IAM User Guide, "Create a signed AWS API request". */
export function signingKey(secret: string, signature: Pick<Signature, 'day' | 'region' | 'service'>): Buffer {
  const day = hmac(`AWS4${secret}`, signature.day);
  return hmac(hmac(hmac(day, signature.region), signature.service), 'aws4_request');
}

/** The canonical request. S3 encodes the path once; every other service normalises it and encodes it twice. */
function canonicalRequest(message: SignedMessage, signature: Signature, payloadHash: string): string {
  const path = message.url.split('?', 1)[0] || '/';
  const canonicalPath = signature.service === 's3' ? encodePath(decode(path)) : encodePath(normalise(path));
  const query = queryPairs(message.url)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const headers = signature.signedHeaders.map((name) => {
    const value = message.headers[name];
    const text = Array.isArray(value) ? value.join(',') : (value ?? '');
    return `${name}:${text.trim().replace(/\s+/g, ' ')}\n`;
  });
  return [
    message.method,
    canonicalPath,
    query,
    headers.join(''),
    signature.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** HMAC-SHA256 as raw bytes. */
export const hmac = (key: string | Buffer, data: string): Buffer =>
  createHmac('sha256', key).update(data).digest();
/** SHA-256 in lower-case hex. */
export const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** Compares in constant time, so that the time does not reveal where two texts differ. */
export function sameText(a: string, b: string): boolean {
  const x = Buffer.from(a);
  const y = Buffer.from(b);
  return x.length === y.length && timingSafeEqual(x, y);
}

/** Decoded names and values of a URL's query, in order. */
export function queryPairs(url: string): [string, string][] {
  const at = url.indexOf('?');
  if (at < 0) return [];
  return url
    .slice(at + 1)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decode(name), decode(value.join('='))];
    });
}

/** Percent-decodes `text`. Throws AuthError when the result is not UTF-8. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AuthError('incomplete', 'The URL is not valid percent-encoded UTF-8.');
  }
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const encodePath = (path: string): string => path.split('/').map(encode).join('/');
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

function normalise(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const slash = kept.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${kept.join('/')}${slash}`;
}

function basicTime(date: string | undefined): string | undefined {
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isFinite(ms) ? new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '') : undefined;
}
