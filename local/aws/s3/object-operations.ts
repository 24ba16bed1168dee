import { pipeline } from 'node:stream/promises';
import { AwsError } from '../core/service';
import { decode } from '../wire/auth/sigv4';
import { checkWrite, parseRange, readCondition } from './conditions';
import { answerEmpty, answerXml, type S3Request } from './exchange';
import type { Attributes, ObjectRecord } from './records';
import type { S3Store } from './store';
import { announcedChecksum, attributesOf, checkBlob, checkLength, encryptionHeaders } from './upload-headers';

type Handler = (s3: S3Request, store: S3Store) => Promise<void>;

export const putObject: Handler = async (s3, store) => {
  checkLength(s3);
  const object = await storeUpload(s3, store, () => undefined);
  answerEmpty(s3, 200, {
    etag: `"${object.etag}"`,
    ...encryptionHeaders(object.encryption),
    ...checksumHeaders(object),
  });
};

/** Stores the request's body as its object, unless `checkBytes` refuses its length. */
export async function storeUpload(
  s3: S3Request,
  store: S3Store,
  checkBytes: (bytes: number) => void,
): Promise<ObjectRecord> {
  const bucket = store.authorized(s3, 's3:PutObject', s3.bucket, s3.key);
  const attributes = attributesOf(s3, bucket);
  const check = checkWrite(s3);
  check(await store.object(s3.bucket, s3.key));
  const checksum = announcedChecksum(s3);
  const checkSum = checkBlob(s3, checksum);
  const blob = await store.blobs.write(s3.payload.body, checksum, (written) => {
    checkBytes(written.size);
    checkSum(written);
  });
  const object: ObjectRecord = {
    ...attributes,
    file: blob.file,
    size: blob.size,
    etag: blob.md5,
    modifiedAt: Date.now(),
    ...(checksum && blob.checksum
      ? { checksum: { name: checksum, value: blob.checksum, type: 'FULL_OBJECT' } }
      : {}),
  };
  await store.putObject(s3.bucket, s3.key, object, check);
  return object;
}

export const getObject: Handler = async (s3, store) => {
  const object = await existing(s3, store, s3.bucket, s3.key);
  if (readCondition(s3, object) === 'not-modified') return notModified(s3, object);
  const range = parseRange(s3.header('range'), object.size);
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  const headers = { ...objectHeaders(s3, object, range === null), 'content-length': String(end - start + 1) };
  // Opened before the response begins, so that the response is complete even if the object is removed meanwhile.
  const body = object.size === 0 ? null : await store.blobs.read(object.file, start, end);
  if (range === null) s3.response.writeHead(200, headers);
  else s3.response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${end}/${object.size}` });
  if (body === null) s3.response.end();
  else await pipeline(body, s3.response);
};

export const headObject: Handler = async (s3, store) => {
  const object = await existing(s3, store, s3.bucket, s3.key);
  if (readCondition(s3, object) === 'not-modified') return notModified(s3, object);
  const range = parseRange(s3.header('range'), object.size);
  const length = range === null ? object.size : range.end - range.start + 1;
  s3.response.writeHead(range === null ? 200 : 206, {
    ...objectHeaders(s3, object, range === null),
    'content-length': String(length),
    ...(range === null ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` }),
  });
  s3.response.end();
};

function notModified(s3: S3Request, object: ObjectRecord): void {
  s3.response.writeHead(304, {
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modifiedAt).toUTCString(),
  });
  s3.response.end();
}

/** The object, if the caller may read it. A caller who may not list the bucket does not learn that a key is missing. */
async function existing(s3: S3Request, store: S3Store, bucket: string, key: string): Promise<ObjectRecord> {
  store.authorized(s3, 's3:GetObject', bucket, key);
  if (s3.method !== 'PUT' && s3.query.has('partNumber'))
    throw new AwsError('NotImplemented', 'Reading by part number is not here.', 501);
  const object = await store.object(bucket, key);
  if (object) return object;
  store.authorized(s3, 's3:ListBucket', bucket);
  throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
}

const overrides = {
  'response-content-type': 'content-type',
  'response-content-language': 'content-language',
  'response-expires': 'expires',
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
} as const;

function objectHeaders(s3: S3Request, object: ObjectRecord, whole: boolean): Record<string, string> {
  const headers: Record<string, string> = {
    ...object.headers,
    ...encryptionHeaders(object.encryption),
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
    'x-amz-request-id': s3.requestId,
  };
  const tagCount = Object.keys(object.tags ?? {}).length;
  if (tagCount > 0) headers['x-amz-tagging-count'] = String(tagCount);
  for (const [name, value] of Object.entries(object.metadata)) headers[`x-amz-meta-${name}`] = value;
  if (whole && s3.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED')
    Object.assign(headers, checksumHeaders(object));
  for (const [parameter, header] of Object.entries(overrides)) {
    const value = s3.query.get(parameter);
    if (value === undefined) continue;
    if (/[^\t\u0020-\u00ff]/.test(value))
      throw new AwsError('InvalidArgument', `${parameter} cannot be a header.`);
    headers[header] = value;
  }
  return headers;
}

function checksumHeaders({ checksum }: ObjectRecord): Record<string, string> {
  if (!checksum) return {};
  return { [`x-amz-checksum-${checksum.name}`]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

export const deleteObject: Handler = async (s3, store) => {
  store.authorized(s3, 's3:DeleteObject', s3.bucket, s3.key);
  await store.deleteObject(s3.bucket, s3.key);
  answerEmpty(s3, 204);
};

/** The object in `x-amz-copy-source`, if the caller may read it and its conditions hold. */
export async function copySource(s3: S3Request, store: S3Store): Promise<ObjectRecord & { path: string }> {
  const given = s3.header('x-amz-copy-source') ?? '';
  const [path = '', query] = given.replace(/^\//, '').split('?');
  if (query !== undefined && query !== 'versionId=null')
    throw new AwsError('NotImplemented', 'Versions are not here.', 501);
  const [bucket = '', ...key] = decode(path).split('/');
  const source = await existing(s3, store, bucket, key.join('/'));
  if (readCondition(s3, source, 'x-amz-copy-source-') === 'not-modified') {
    throw new AwsError(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
    );
  }
  return { ...source, path: `${bucket}/${key.join('/')}` };
}

export const copyObject: Handler = async (s3, store) => {
  const bucket = store.authorized(s3, 's3:PutObject', s3.bucket, s3.key);
  const { path, ...source } = await copySource(s3, store);
  const given = attributesOf(s3, bucket);
  const replace = s3.header('x-amz-metadata-directive') === 'REPLACE';
  if (
    path === `${s3.bucket}/${s3.key}` &&
    !replace &&
    s3.header('x-amz-server-side-encryption') === undefined
  ) {
    throw new AwsError(
      'InvalidRequest',
      'This copy request is illegal because it copies an object to itself without changing it.',
    );
  }
  const attributes: Attributes = replace
    ? given
    : { ...given, headers: source.headers, metadata: source.metadata };
  const { tags: ownTags, ...withoutTags } = attributes;
  const tags = s3.header('x-amz-tagging-directive') === 'REPLACE' ? (ownTags ?? {}) : source.tags;
  const object: ObjectRecord = {
    ...source,
    ...withoutTags,
    ...(tags && { tags }),
    file: await store.blobs.copy(source.file),
    modifiedAt: Date.now(),
  };
  await store.putObject(s3.bucket, s3.key, object, checkWrite(s3));
  for (const [name, value] of Object.entries(encryptionHeaders(object.encryption)))
    s3.response.setHeader(name, value);
  answerXml(s3, 'CopyObjectResult', { LastModified: new Date(object.modifiedAt), ETag: `"${object.etag}"` });
};
