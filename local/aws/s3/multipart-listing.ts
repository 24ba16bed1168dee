import { answerXml, queryNumber, type S3Request } from './exchange';
import { uploadOf } from './multipart-operations';
import { type PartRecord, partKey, partsOf, type UploadRecord, uploadsOf } from './records';
import type { S3Store } from './store';

type Handler = (s3: S3Request, store: S3Store) => Promise<void>;

export const listParts: Handler = async (s3, store) => {
  const upload = await uploadOf(s3, store, 's3:ListMultipartUploadParts');
  const max = queryNumber(s3, 'max-parts', 0, 1000, 1000);
  const after = queryNumber(s3, 'part-number-marker', 0, 10_000, 0);
  const found = await store.state.list<PartRecord>(partsOf(upload.uploadId), {
    gt: partKey(after),
    limit: max + 1,
  });
  const page = found.slice(0, max);
  answerXml(s3, 'ListPartsResult', {
    Bucket: s3.bucket,
    Key: s3.key,
    UploadId: upload.uploadId,
    PartNumberMarker: after,
    NextPartNumberMarker: page.length === 0 ? undefined : Number(page.at(-1)?.[0]),
    MaxParts: max,
    IsTruncated: found.length > max,
    StorageClass: 'STANDARD',
    Part: page.map(([number, part]) => ({
      PartNumber: Number(number),
      LastModified: new Date(part.modifiedAt),
      ETag: `"${part.etag}"`,
      Size: part.size,
      ...(part.checksum ? { [`Checksum${part.checksum.name.toUpperCase()}`]: part.checksum.value } : {}),
    })),
  });
};

export const listUploads: Handler = async (s3, store) => {
  store.authorized(s3, 's3:ListBucketMultipartUploads');
  const prefix = s3.query.get('prefix') ?? '';
  const max = queryNumber(s3, 'max-uploads', 1, 1000, 1000);
  const afterKey = s3.query.get('key-marker') ?? '';
  const afterId = s3.query.get('upload-id-marker') ?? '';
  const order = (upload: { key: string; uploadId: string }) => `${upload.key}\u0000${upload.uploadId}`;
  const marker = afterId === '' ? `${afterKey}\u0001` : order({ key: afterKey, uploadId: afterId });
  const all = (await store.state.list<UploadRecord>(uploadsOf(s3.bucket)))
    .map(([, upload]) => upload)
    .filter((upload) => upload.key.startsWith(prefix) && (afterKey === '' || order(upload) > marker))
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const page = all.slice(0, max);
  answerXml(s3, 'ListMultipartUploadsResult', {
    Bucket: s3.bucket,
    KeyMarker: afterKey,
    UploadIdMarker: afterId,
    NextKeyMarker: all.length > max ? page.at(-1)?.key : undefined,
    NextUploadIdMarker: all.length > max ? page.at(-1)?.uploadId : undefined,
    Prefix: prefix,
    MaxUploads: max,
    IsTruncated: all.length > max,
    Upload: page.map((upload) => ({
      Key: upload.key,
      UploadId: upload.uploadId,
      StorageClass: 'STANDARD',
      Initiated: new Date(upload.initiatedAt),
    })),
  });
};
