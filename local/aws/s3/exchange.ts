import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, type Caller, type Payload } from '../core/service';
import { decode, queryPairs } from '../wire/auth/sigv4';
import { sendXml } from '../wire/http/errors';
import { element } from '../wire/http/xml';

/** A parsed S3 request. */
export interface S3Request {
  readonly method: string;
  /** Empty for requests about the account. */
  readonly bucket: string;
  /** Empty for requests about a bucket. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly caller: Caller;
  readonly payload: Payload;
  readonly requestId: string;
  /** By their names in lower case; of an upload by a form, its fields. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** A request header, by its name in lower case. */
  header(name: string): string | undefined;
}

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Parses a request. The bucket is in the path or in the host (`<bucket>.localhost`). */
export function s3Request(
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
  payload: Payload,
  requestId: string,
): S3Request {
  const { bucket, key } = addressOf(request);
  refuseLongKey(key);
  return {
    method: request.method ?? 'GET',
    bucket,
    key,
    query: new Map(queryPairs(request.url ?? '/')),
    request,
    response,
    caller,
    payload,
    requestId,
    headers: request.headers,
    header: headerOf(request.headers),
  };
}

/** Throws KeyTooLongError for more than 1,024 bytes. */
export function refuseLongKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long');
}

/** Bucket and key of a request; empty where it has none. */
export function addressOf(request: IncomingMessage): { readonly bucket: string; readonly key: string } {
  const path = decode((request.url ?? '/').split('?', 1)[0] ?? '/').slice(1);
  const host = bucketInHost(request.headers.host ?? '');
  if (host !== null) return { bucket: host, key: path };
  const slash = path.indexOf('/');
  return slash < 0 ? { bucket: path, key: '' } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

/** The header of `headers` by name; one that was repeated, joined. */
export const headerOf =
  (headers: S3Request['headers']) =>
  (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' ? value : value?.join(',');
  };

/** The bucket in `<bucket>.localhost`; null for any other host. */
export function bucketInHost(host: string): string | null {
  return (
    /^(.+?)(?:\.s3)?(?:\.[a-z]{2}-[a-z]+-\d)?\.localhost(?::\d+)?$/i.exec(host)?.[1]?.toLowerCase() ?? null
  );
}

/** Responds with an XML document whose root is `root`. */
export function answerXml(s3: S3Request, root: string, value: object | string, status = 200): void {
  const document = element(root, value).replace(`<${root}>`, `<${root} xmlns="${namespace}">`);
  sendXml(s3.response, status, document, s3.requestId);
}

/** Responds with JSON. */
export function answerJson(s3: S3Request, value: unknown): void {
  s3.response.writeHead(200, { 'content-type': 'application/json', 'x-amz-request-id': s3.requestId });
  s3.response.end(JSON.stringify(value));
}

/** Responds without a body. */
export function answerEmpty(
  s3: S3Request,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  const length = status === 204 ? {} : { 'content-length': '0' };
  s3.response.writeHead(status, { ...headers, ...length, 'x-amz-request-id': s3.requestId });
  s3.response.end();
}

/** A whole number from the query, within limits. Throws InvalidArgument. */
export function queryNumber(s3: S3Request, name: string, min: number, max: number, standard: number): number {
  const text = s3.query.get(name);
  if (text === undefined || text === '') return standard;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min) {
    throw new AwsError('InvalidArgument', `Provided ${name} not an integer or within integer range`);
  }
  return Math.min(value, max);
}

/** A small body as text. Throws MaxMessageLengthExceeded. */
export async function smallBody(s3: S3Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of s3.payload.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > 2 * 1024 * 1024) throw new AwsError('MaxMessageLengthExceeded', 'Your request was too big.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
