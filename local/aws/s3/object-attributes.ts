import { AwsError } from '../core/service';
import { answerXml, type S3Request } from './exchange';
import type { S3Store } from './store';

const names = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'] as const;

/** `GetObjectAttributes`: what the header asks for. Objects are not kept by part, so none has `ObjectParts`. */
export async function getObjectAttributes(s3: S3Request, store: S3Store): Promise<void> {
  store.authorized(s3, 's3:GetObject', s3.bucket, s3.key);
  store.authorized(s3, 's3:GetObjectAttributes', s3.bucket, s3.key);
  const asked = (s3.header('x-amz-object-attributes') ?? '').split(',').map((name) => name.trim());
  if (asked.some((name) => !names.some((known) => known === name))) {
    throw new AwsError('InvalidArgument', 'Invalid attribute name specified.');
  }
  const object = await store.object(s3.bucket, s3.key);
  if (!object) {
    store.authorized(s3, 's3:ListBucket', s3.bucket);
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: s3.key });
  }
  const { checksum } = object;
  s3.response.setHeader('last-modified', new Date(object.modifiedAt).toUTCString());
  answerXml(s3, 'GetObjectAttributesResponse', {
    ...(asked.includes('ETag') ? { ETag: object.etag } : {}),
    ...(asked.includes('Checksum') && checksum
      ? {
          Checksum: {
            [`Checksum${checksum.name.toUpperCase()}`]: checksum.value,
            ChecksumType: checksum.type,
          },
        }
      : {}),
    ...(asked.includes('StorageClass') ? { StorageClass: 'STANDARD' } : {}),
    ...(asked.includes('ObjectSize') ? { ObjectSize: object.size } : {}),
  });
}
