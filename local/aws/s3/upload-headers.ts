import { AwsError } from '../core/service';
import type { Blob } from './blobs';
import { type ChecksumName, checksumNames } from './checksums';
import type { S3Request } from './exchange';
import { announcedTags } from './object-tagging';
import type { Attributes, BucketRecord, Encryption } from './records';

const maxPutBytes = 5 * 1024 ** 3;
const kept = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];
const refused = [
  'x-amz-website-redirect-location',
  'x-amz-object-lock-mode',
  'x-amz-object-lock-legal-hold',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-copy-source-server-side-encryption-customer-algorithm',
];

/** The attributes in the headers of an upload. Throws for headers that this stand-in would have to ignore. */
export function attributesOf(s3: S3Request, bucket: BucketRecord): Attributes {
  for (const name of refused) {
    if (s3.header(name) !== undefined) throw new AwsError('NotImplemented', `${name} is not here.`, 501);
  }
  const acl = s3.header('x-amz-acl');
  if (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control') {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
  const headers: Record<string, string> = {};
  for (const name of kept) {
    const value = name === 'content-encoding' ? withoutChunked(s3.header(name)) : s3.header(name);
    if (value) headers[name] = value;
  }
  headers['content-type'] ??= 'binary/octet-stream';
  const tags = announcedTags(s3);
  return { headers, metadata: metadataOf(s3), encryption: encryptionOf(s3, bucket), ...(tags && { tags }) };
}

/** Removes `aws-chunked`, which describes the transfer and not the object. */
function withoutChunked(value: string | undefined): string {
  const codings = (value ?? '').split(',').map((coding) => coding.trim());
  return codings.filter((coding) => coding !== '' && coding !== 'aws-chunked').join(',');
}

function metadataOf(s3: S3Request): Record<string, string> {
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const name of Object.keys(s3.headers)) {
    if (!name.startsWith('x-amz-meta-')) continue;
    const text = s3.header(name) ?? '';
    metadata[name.slice('x-amz-meta-'.length)] = text;
    bytes += name.length - 'x-amz-meta-'.length + Buffer.byteLength(text);
  }
  if (bytes > 2048)
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  return metadata;
}

function encryptionOf(s3: S3Request, bucket: BucketRecord): Encryption {
  const algorithm = s3.header('x-amz-server-side-encryption');
  const keyId = s3.header('x-amz-server-side-encryption-aws-kms-key-id');
  if (algorithm === undefined) {
    if (keyId !== undefined)
      throw new AwsError('InvalidArgument', 'A KMS key id needs x-amz-server-side-encryption: aws:kms.');
    return bucket.encryption;
  }
  if (algorithm === 'AES256' && keyId === undefined) return { algorithm };
  if (algorithm === 'aws:kms') {
    const own = keyId ?? bucket.encryption.keyId;
    return own === undefined ? { algorithm } : { algorithm, keyId: own };
  }
  throw new AwsError('InvalidArgument', 'The encryption method specified is not supported');
}

/** Response headers that describe the encryption. */
export function encryptionHeaders({ algorithm, keyId }: Encryption): Record<string, string> {
  return {
    'x-amz-server-side-encryption': algorithm,
    ...(keyId === undefined ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': keyId }),
  };
}

/** The checksum sent with a body, in a header or announced as a trailer; null when there is none. */
export function announcedChecksum(s3: S3Request): ChecksumName | null {
  const trailers = (s3.header('x-amz-trailer') ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const found = checksumNames.filter(
    (name) =>
      s3.header(`x-amz-checksum-${name}`) !== undefined || trailers.includes(`x-amz-checksum-${name}`),
  );
  if (found.length > 1) throw new AwsError('InvalidRequest', 'Expecting a single x-amz-checksum- header.');
  return found[0] ?? null;
}

/** Throws when the length of an upload is missing or too large. */
export function checkLength(s3: S3Request): void {
  const { length } = s3.payload;
  if (length === null)
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  if (length > maxPutBytes)
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
}

/** Throws unless the bytes match the declared length, MD5 and checksum. */
export function checkBlob(
  s3: S3Request,
  checksum: ChecksumName | null,
): (blob: Pick<Blob, 'size' | 'md5' | 'checksum'>) => void {
  return (blob) => {
    if (s3.payload.length !== null && s3.payload.length !== blob.size) {
      throw new AwsError(
        'IncompleteBody',
        'You did not provide the number of bytes specified by the Content-Length HTTP header.',
      );
    }
    const md5 = s3.header('content-md5');
    if (md5 !== undefined) {
      const given = Buffer.from(md5, 'base64');
      if (given.length !== 16)
        throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
      if (given.toString('hex') !== blob.md5) throw badDigest('Content-MD5');
    }
    if (checksum === null) return;
    const name = `x-amz-checksum-${checksum}`;
    const given = s3.header(name) ?? s3.payload.trailers()[name];
    if (given !== blob.checksum) throw badDigest(checksum.toUpperCase());
  };
}

const badDigest = (what: string): AwsError =>
  new AwsError('BadDigest', `The ${what} you specified did not match the calculated checksum.`);
