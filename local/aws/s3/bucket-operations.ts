import { createHash } from 'node:crypto';
import { AwsError } from '../core/service';
import { createDigest } from './checksums';
import { answerEmpty, answerXml, queryNumber, type S3Request, smallBody } from './exchange';
import { afterGroup, type Listing, listObjects } from './listing';
import type { BucketRecord, ObjectRecord } from './records';
import type { S3Store } from './store';
import { announcedChecksum } from './upload-headers';
import { malformedXml, parseXml } from './xml-body';

type Handler = (s3: S3Request, store: S3Store) => Promise<void>;

export const listBuckets: Handler = async (s3, store) => {
  store.standIn.authorize(s3.caller, 's3:ListAllMyBuckets', '*', {
    'aws:ResourceAccount': s3.caller.accountId,
  });
  const prefix = s3.query.get('prefix') ?? '';
  const own = store.bucketsOf(s3.caller.accountId).filter((bucket) => bucket.name.startsWith(prefix));
  answerXml(s3, 'ListAllMyBucketsResult', {
    Buckets: {
      Bucket: own.map((bucket) => ({ Name: bucket.name, CreationDate: new Date(bucket.createdAt) })),
    },
    Owner: owner(s3.caller.accountId),
  });
};

export const createBucket: Handler = async (s3, store) => {
  const body = await smallBody(s3);
  const asked =
    body.length === 0 ? undefined : parseXml(body, 'CreateBucketConfiguration').LocationConstraint;
  if (asked && asked !== store.standIn.region) {
    throw new AwsError(
      'IllegalLocationConstraintException',
      `The ${asked} location constraint is incompatible for this region.`,
    );
  }
  const { accountId } = s3.caller;
  store.standIn.authorize(s3.caller, 's3:CreateBucket', `arn:aws:s3:::${s3.bucket}`, {
    'aws:ResourceAccount': accountId,
  });
  await store.createBucket(accountId, s3.bucket, { algorithm: 'AES256' });
  answerEmpty(s3, 200, { location: `/${s3.bucket}` });
};

export const headBucket: Handler = async (s3, store) => {
  store.authorized(s3, 's3:ListBucket');
  answerEmpty(s3, 200, { 'x-amz-bucket-region': store.standIn.region });
};

export const deleteBucket: Handler = async (s3, store) => {
  store.authorized(s3, 's3:DeleteBucket');
  await store.deleteBucket(s3.bucket);
  answerEmpty(s3, 204);
};

export const getBucketLocation: Handler = async (s3, store) => {
  store.authorized(s3, 's3:GetBucketLocation');
  // For us-east-1, S3 responds with an empty element.
  const region = store.standIn.region === 'us-east-1' ? '' : store.standIn.region;
  answerXml(s3, 'LocationConstraint', region);
};

export const getBucketEncryption: Handler = async (s3, store) => {
  const { encryption } = store.authorized(s3, 's3:GetEncryptionConfiguration');
  const otherKey = store.standIn.standing('bucket.key', s3.bucket);
  answerXml(s3, 'ServerSideEncryptionConfiguration', {
    Rule: {
      ApplyServerSideEncryptionByDefault: {
        SSEAlgorithm: encryption.algorithm,
        KMSMasterKeyID: otherKey ?? encryption.keyId,
      },
      BucketKeyEnabled: encryption.algorithm === 'aws:kms',
    },
  });
};

export const listObjectsV2: Handler = async (s3, store) => {
  const bucket = store.authorized(s3, 's3:ListBucket');
  const token = s3.query.get('continuation-token');
  const startAfter = s3.query.get('start-after');
  const after = token === undefined ? startAfter : decodeToken(token);
  const { listing, common, encode } = await list(s3, store, after);
  answerXml(s3, 'ListBucketResult', {
    ...common,
    KeyCount: listing.objects.length + listing.commonPrefixes.length,
    ContinuationToken: token,
    NextContinuationToken:
      listing.next === null ? undefined : Buffer.from(listing.next).toString('base64url'),
    StartAfter: startAfter === undefined ? undefined : encode(startAfter),
    ...contents(listing, bucket, encode, s3.query.get('fetch-owner') === 'true'),
  });
};

export const listObjectsV1: Handler = async (s3, store) => {
  const bucket = store.authorized(s3, 's3:ListBucket');
  const marker = s3.query.get('marker') ?? '';
  const delimiter = s3.query.get('delimiter') ?? '';
  // When a page ends with a common prefix, that prefix is the next marker.
  const group =
    delimiter !== '' && marker.endsWith(delimiter) && marker.startsWith(s3.query.get('prefix') ?? '');
  const { listing, common, encode } = await list(
    s3,
    store,
    marker === '' ? undefined : group ? afterGroup(marker) : marker,
  );
  answerXml(s3, 'ListBucketResult', {
    ...common,
    Marker: encode(marker),
    NextMarker: listing.next === null || delimiter === '' ? undefined : encode(listing.last ?? ''),
    ...contents(listing, bucket, encode, true),
  });
};

/** Without versioning, as here, each object has one version, `null`. */
export const listObjectVersions: Handler = async (s3, store) => {
  const bucket = store.authorized(s3, 's3:ListBucketVersions');
  const { listing, common, encode } = await list(s3, store, s3.query.get('key-marker') || undefined);
  answerXml(s3, 'ListVersionsResult', {
    ...common,
    KeyMarker: s3.query.get('key-marker') ?? '',
    NextKeyMarker: listing.next === null ? undefined : encode(listing.next),
    NextVersionIdMarker: listing.next === null ? undefined : 'null',
    Version: listing.objects.map(([key, object]) => ({
      Key: encode(key),
      VersionId: 'null',
      IsLatest: true,
      ...summary(object),
      Owner: owner(bucket.accountId),
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: listing.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
};

async function list(s3: S3Request, store: S3Store, after: string | undefined) {
  const prefix = s3.query.get('prefix') ?? '';
  const delimiter = s3.query.get('delimiter') ?? '';
  const max = queryNumber(s3, 'max-keys', 0, 1000, 1000);
  const encoding = s3.query.get('encoding-type');
  const encode = (text: string) =>
    encoding === 'url' ? encodeURIComponent(text).replace(/%2F/g, '/') : text;
  const listing = await listObjects(store.state, s3.bucket, {
    prefix,
    delimiter,
    after: after || undefined,
    max,
  });
  const common = {
    Name: s3.bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    MaxKeys: max,
    EncodingType: encoding,
    IsTruncated: listing.next !== null,
  };
  return { listing, common, encode };
}

function contents(
  listing: Listing,
  bucket: BucketRecord,
  encode: (text: string) => string,
  withOwner: boolean,
): object {
  return {
    Contents: listing.objects.map(([key, object]) => ({
      Key: encode(key),
      ...summary(object),
      ...(withOwner ? { Owner: owner(bucket.accountId) } : {}),
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: listing.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

function summary(object: ObjectRecord): object {
  return {
    LastModified: new Date(object.modifiedAt),
    ETag: `"${object.etag}"`,
    ChecksumAlgorithm: object.checksum?.name.toUpperCase(),
    ChecksumType: object.checksum?.type,
    Size: object.size,
  };
}

/** The owner by S3's id for it, which is not the account's number. */
function owner(accountId: string): object {
  return { ID: createHash('sha256').update(`canonical-user/${accountId}`).digest('hex') };
}

function decodeToken(token: string): string {
  const after = Buffer.from(token, 'base64url').toString();
  if (after !== '') return after;
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
}

export const deleteObjects: Handler = async (s3, store) => {
  const body = await smallBody(s3);
  await checkIntegrity(s3, body);
  const input = parseXml(body, 'Delete');
  const objects = Array.isArray(input.Object) ? (input.Object as Record<string, unknown>[]) : [];
  if (objects.length === 0 || objects.length > 1000) {
    throw new AwsError('MalformedXML', 'A request deletes from 1 to 1000 objects.');
  }
  if (objects.some((object) => typeof object?.Key !== 'string' || object.Key === '')) throw malformedXml();
  const deleted: object[] = [];
  const failed: object[] = [];
  for (const object of objects) {
    const key = String(object.Key);
    const version = object.VersionId ?? 'null';
    try {
      store.authorized(s3, 's3:DeleteObject', s3.bucket, key);
      if (version !== 'null') throw new AwsError('NoSuchVersion', 'The version does not exist.', 404);
      await store.deleteObject(s3.bucket, key);
      deleted.push({ Key: key });
    } catch (error) {
      if (!(error instanceof AwsError) || error.code === 'NoSuchBucket') throw error;
      failed.push({ Key: key, Code: error.code, Message: error.message });
    }
  }
  const quiet = String(input.Quiet ?? '').trim() === 'true';
  answerXml(s3, 'DeleteResult', { Deleted: quiet ? [] : deleted, Error: failed });
};

async function checkIntegrity(s3: S3Request, body: Buffer): Promise<void> {
  const md5 = s3.header('content-md5');
  const checksum = announcedChecksum(s3);
  if (md5 === undefined && checksum === null) {
    throw new AwsError(
      'InvalidRequest',
      'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
    );
  }
  const bad = new AwsError('BadDigest', 'The checksum you specified did not match what we received.');
  if (md5 !== undefined && createHash('md5').update(body).digest('base64') !== md5) throw bad;
  if (checksum === null) return;
  const digest = createDigest(checksum);
  digest.update(body);
  const name = `x-amz-checksum-${checksum}`;
  if ((await digest.base64()) !== (s3.header(name) ?? s3.payload.trailers()[name])) throw bad;
}
