import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { AwsError } from '../core/service';
import { type ChecksumName, checksumNames, createDigest } from './checksums';
import { checkWrite, parseRange } from './conditions';
import { answerEmpty, answerXml, type S3Request, smallBody } from './exchange';
import { copySource } from './object-operations';
import {
  type ObjectRecord,
  type PartRecord,
  partKey,
  partsOf,
  type StoredChecksum,
  type UploadRecord,
  uploadsOf,
} from './records';
import type { S3Store } from './store';
import { announcedChecksum, attributesOf, checkBlob, checkLength, encryptionHeaders } from './upload-headers';
import { parseXml } from './xml-body';

type Handler = (s3: S3Request, store: S3Store) => Promise<void>;
type NumberedPart = readonly [number: number, part: PartRecord];

const minPartBytes = 5 * 1024 * 1024;

export const createUpload: Handler = async (s3, store) => {
  const bucket = store.authorized(s3, 's3:PutObject', s3.bucket, s3.key);
  const upload: UploadRecord = {
    ...attributesOf(s3, bucket),
    uploadId: randomBytes(24).toString('base64url'),
    key: s3.key,
    initiatedAt: Date.now(),
    checksum: askedChecksum(s3),
  };
  await store.state.put(uploadsOf(s3.bucket), upload.uploadId, upload);
  for (const [name, value] of Object.entries(encryptionHeaders(upload.encryption)))
    s3.response.setHeader(name, value);
  if (upload.checksum) {
    s3.response.setHeader('x-amz-checksum-algorithm', upload.checksum.name.toUpperCase());
    s3.response.setHeader('x-amz-checksum-type', upload.checksum.type);
  }
  answerXml(s3, 'InitiateMultipartUploadResult', {
    Bucket: s3.bucket,
    Key: s3.key,
    UploadId: upload.uploadId,
  });
};

function askedChecksum(s3: S3Request): UploadRecord['checksum'] {
  const asked = s3.header('x-amz-checksum-algorithm')?.toLowerCase();
  if (asked === undefined) return null;
  const name = checksumNames.find((known) => known === asked);
  const type =
    s3.header('x-amz-checksum-type')?.toUpperCase() ?? (name === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE');
  const whole = name?.startsWith('crc') === true && type === 'FULL_OBJECT';
  if (!name || !(whole || (type === 'COMPOSITE' && name !== 'crc64nvme'))) {
    throw new AwsError('InvalidRequest', 'The checksum algorithm and type do not go together.');
  }
  return { name, type: whole ? 'FULL_OBJECT' : 'COMPOSITE' };
}

/** The upload in the query, if the caller may do `action` on its object. Throws NoSuchUpload. */
export async function uploadOf(s3: S3Request, store: S3Store, action: string): Promise<UploadRecord> {
  store.authorized(s3, action, s3.bucket, s3.key);
  const upload = await store.state.get<UploadRecord>(uploadsOf(s3.bucket), s3.query.get('uploadId') ?? '');
  if (upload?.key === s3.key) return upload;
  throw new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. It may have been aborted or completed.',
    404,
  );
}

export const uploadPart: Handler = async (s3, store) => {
  const upload = await uploadOf(s3, store, 's3:PutObject');
  const number = partNumber(s3);
  checkLength(s3);
  const checksum = announcedChecksum(s3) ?? upload.checksum?.name ?? null;
  const given = announcedChecksum(s3);
  const blob = await store.blobs.write(s3.payload.body, checksum, checkBlob(s3, given));
  const part = await savePart(s3, store, upload, number, blob, checksum);
  const sum = part.checksum ? { [`x-amz-checksum-${part.checksum.name}`]: part.checksum.value } : {};
  answerEmpty(s3, 200, { etag: `"${part.etag}"`, ...encryptionHeaders(upload.encryption), ...sum });
};

export const uploadPartCopy: Handler = async (s3, store) => {
  const upload = await uploadOf(s3, store, 's3:PutObject');
  const number = partNumber(s3);
  const source = await copySource(s3, store);
  const range = parseRange(s3.header('x-amz-copy-source-range'), source.size) ?? {
    start: 0,
    end: source.size - 1,
  };
  const checksum = upload.checksum?.name ?? null;
  const body =
    source.size === 0 ? Readable.from([]) : await store.blobs.read(source.file, range.start, range.end);
  const part = await savePart(s3, store, upload, number, await store.blobs.write(body, checksum), checksum);
  answerXml(s3, 'CopyPartResult', { LastModified: new Date(part.modifiedAt), ETag: `"${part.etag}"` });
};

function partNumber(s3: S3Request): number {
  const number = Number(s3.query.get('partNumber'));
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
  throw new AwsError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
}

async function savePart(
  s3: S3Request,
  store: S3Store,
  upload: UploadRecord,
  number: number,
  blob: {
    readonly file: string;
    readonly size: number;
    readonly md5: string;
    readonly checksum: string | null;
  },
  checksum: ChecksumName | null,
): Promise<PartRecord> {
  const part: PartRecord = {
    file: blob.file,
    size: blob.size,
    etag: blob.md5,
    modifiedAt: Date.now(),
    ...(checksum && blob.checksum ? { checksum: { name: checksum, value: blob.checksum } } : {}),
  };
  const collection = partsOf(upload.uploadId);
  await store.alone(upload.uploadId, async () => {
    const replaced = await store.state.get<PartRecord>(collection, partKey(number));
    const open = await store.state.get(uploadsOf(s3.bucket), upload.uploadId);
    if (open) await store.state.put(collection, partKey(number), part);
    await store.blobs.remove(...(open ? (replaced ? [replaced.file] : []) : [part.file]));
    if (!open) throw new AwsError('NoSuchUpload', 'The specified upload does not exist.', 404);
  });
  return part;
}

export const completeUpload: Handler = async (s3, store) => {
  const upload = await uploadOf(s3, store, 's3:PutObject');
  const input = parseXml(await smallBody(s3), 'CompleteMultipartUpload');
  const check = checkWrite(s3);
  const object = await store.alone(upload.uploadId, async () => {
    await uploadOf(s3, store, 's3:PutObject');
    const parts = await chosenParts(store, upload, input.Part);
    const object = await assemble(store, upload, parts);
    await store.putObject(s3.bucket, s3.key, object, check, upload.uploadId);
    return object;
  });
  for (const [name, value] of Object.entries(encryptionHeaders(object.encryption)))
    s3.response.setHeader(name, value);
  answerXml(s3, 'CompleteMultipartUploadResult', {
    Location: `${store.standIn.origin}/${s3.bucket}/${encodeURI(s3.key)}`,
    Bucket: s3.bucket,
    Key: s3.key,
    ETag: `"${object.etag}"`,
    ...(object.checksum
      ? {
          [`Checksum${object.checksum.name.toUpperCase()}`]: object.checksum.value,
          ChecksumType: object.checksum.type,
        }
      : {}),
  });
};

async function chosenParts(
  store: S3Store,
  upload: UploadRecord,
  given: unknown,
): Promise<readonly NumberedPart[]> {
  const asked = Array.isArray(given) ? (given as Record<string, unknown>[]) : [];
  if (asked.length === 0) throw new AwsError('MalformedXML', 'You must specify at least one part');
  const stored = new Map(await store.state.list<PartRecord>(partsOf(upload.uploadId)));
  const chosen: NumberedPart[] = [];
  for (const entry of asked) {
    const number = Number(entry?.PartNumber);
    const part = stored.get(partKey(number));
    const etag = String(entry?.ETag ?? '')
      .trim()
      .replace(/^"|"$/g, '');
    const sum = part?.checksum && entry?.[`Checksum${part.checksum.name.toUpperCase()}`];
    if (!part || part.etag !== etag || (sum !== undefined && sum !== part.checksum?.value)) {
      throw new AwsError(
        'InvalidPart',
        'One or more of the specified parts could not be found or did not match.',
      );
    }
    if (number <= (chosen.at(-1)?.[0] ?? 0)) {
      throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    chosen.push([number, part]);
  }
  if (chosen.slice(0, -1).some(([, part]) => part.size < minPartBytes)) {
    throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  }
  return chosen;
}

/** Joins all parts in one file. ETag: the MD5 of the parts' MD5s, and the number of parts. */
async function assemble(
  store: S3Store,
  upload: UploadRecord,
  parts: readonly NumberedPart[],
): Promise<ObjectRecord> {
  const whole = upload.checksum?.type === 'FULL_OBJECT' ? upload.checksum.name : null;
  const files = parts.map(([, part]) => part.file);
  const blob = whole
    ? await store.blobs.write(Readable.from(store.blobs.readAll(files)), whole)
    : { ...(await store.blobs.join(files)), checksum: null };
  const md5 = createHash('md5');
  for (const [, part] of parts) md5.update(part.etag, 'hex');
  const checksum =
    whole && blob.checksum
      ? ({ name: whole, value: blob.checksum, type: 'FULL_OBJECT' } as const)
      : await composite(upload, parts);
  return {
    headers: upload.headers,
    metadata: upload.metadata,
    encryption: upload.encryption,
    file: blob.file,
    size: blob.size,
    etag: `${md5.digest('hex')}-${parts.length}`,
    modifiedAt: Date.now(),
    ...(checksum ? { checksum } : {}),
  };
}

async function composite(
  upload: UploadRecord,
  parts: readonly NumberedPart[],
): Promise<StoredChecksum | null> {
  if (upload.checksum?.type !== 'COMPOSITE') return null;
  const { name } = upload.checksum;
  const digest = createDigest(name);
  for (const [, { checksum }] of parts) {
    if (checksum?.name !== name) return null;
    digest.update(Buffer.from(checksum.value, 'base64'));
  }
  return { name, value: `${await digest.base64()}-${parts.length}`, type: 'COMPOSITE' };
}

export const abortUpload: Handler = async (s3, store) => {
  const upload = await uploadOf(s3, store, 's3:AbortMultipartUpload');
  await store.alone(upload.uploadId, () => store.deleteUpload(s3.bucket, upload.uploadId));
  answerEmpty(s3, 204);
};
