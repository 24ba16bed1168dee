import { buffer } from 'node:stream/consumers';
import { AwsError, type Caller, type HttpService, type StandIn } from '../core/service';
import type { Buckets } from '../core/services';
import type { DurableState } from '../core/state';
import type { CredentialStore } from '../iam/credentials';
import * as bucket from './bucket-operations';
import { settingHandlers } from './bucket-settings';
import { type S3Request, s3Request } from './exchange';
import { isFormPost } from './form-post';
import * as listing from './multipart-listing';
import * as multipart from './multipart-operations';
import { getObjectAttributes } from './object-attributes';
import * as object from './object-operations';
import * as tagging from './object-tagging';
import { postObject } from './post-object';
import { type BucketRecord, type ObjectRecord, objectsOf } from './records';
import { S3Store } from './store';

type Handler = (s3: S3Request, store: S3Store) => Promise<void>;

/** Handlers by method and sub-resource. Everything else responds NotImplemented. */
const bucketHandlers: Readonly<Record<string, Handler>> = {
  'GET location': bucket.getBucketLocation,
  'GET encryption': bucket.getBucketEncryption,
  'GET uploads': listing.listUploads,
  'GET versions': bucket.listObjectVersions,
  'POST delete': bucket.deleteObjects,
  ...settingHandlers,
  PUT: bucket.createBucket,
  HEAD: bucket.headBucket,
  DELETE: bucket.deleteBucket,
};
const objectHandlers: Readonly<Record<string, Handler>> = {
  'POST uploads': multipart.createUpload,
  'POST uploadId': multipart.completeUpload,
  'GET uploadId': listing.listParts,
  'DELETE uploadId': multipart.abortUpload,
  'GET tagging': tagging.getObjectTagging,
  'PUT tagging': tagging.putObjectTagging,
  'DELETE tagging': tagging.deleteObjectTagging,
  'GET attributes': getObjectAttributes,
  GET: object.getObject,
  HEAD: object.headObject,
  DELETE: object.deleteObject,
};

/** Query parameters that select a sub-resource instead of the bucket or object itself. */
const subresources =
  'accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle location logging metadataTable metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock replication requestPayment restore retention select session tagging torrent uploadId uploads versioning versions website'.split(
    ' ',
  );

function handlerOf(s3: S3Request): Handler {
  const sub = subresources.find((name) => s3.query.has(name));
  const version = s3.query.get('versionId');
  const name = sub === undefined ? s3.method : `${s3.method} ${sub}`;
  const found = version !== undefined && version !== 'null' ? undefined : select(s3, name, sub);
  if (found) return found;
  const what = `${name} of ${s3.key === '' ? 'a bucket' : 'an object'}${version === undefined ? '' : ' version'}`;
  throw new AwsError('NotImplemented', `${what} is not here.`, 501);
}

function select(s3: S3Request, name: string, sub: string | undefined): Handler | undefined {
  if (s3.bucket === '') return name === 'GET' ? bucket.listBuckets : undefined;
  if (s3.key === '') {
    if (name === 'GET')
      return s3.query.get('list-type') === '2' ? bucket.listObjectsV2 : bucket.listObjectsV1;
    return bucketHandlers[name];
  }
  const copies = s3.header('x-amz-copy-source') !== undefined;
  if (name === 'PUT uploadId') return copies ? multipart.uploadPartCopy : multipart.uploadPart;
  if (name === 'PUT' && sub === undefined) return copies ? object.copyObject : object.putObject;
  return objectHandlers[name];
}

/** Where the stand-in for S3 stores its data. */
export interface S3Settings {
  /** Folder of its files. */
  readonly dir: string;
  readonly state: DurableState;
  /** Whose keys may sign a browser's form. */
  readonly credentials: CredentialStore;
}

/** S3 on disk, in `<dir>/s3`. Buckets belong to accounts, and every call is authorised. Also `Buckets`. */
export function createS3(standIn: StandIn, { dir, state, credentials }: S3Settings): HttpService & Buckets {
  const store = new S3Store(standIn, state, dir);
  return {
    name: 's3',
    start: () => store.load(),
    async handle(request, response, caller, requestId, payload) {
      if (!caller && isFormPost(request)) {
        return await postObject(store, credentials, request, response, requestId);
      }
      if (!caller || !payload) throw new AwsError('AccessDenied', 'Access Denied', 403);
      const s3 = s3Request(request, response, caller, payload, requestId);
      await handlerOf(s3)(s3, store);
    },
    async createBucket(accountId, name) {
      const keyId = `arn:aws:kms:${standIn.region}:${accountId}:alias/annex-data`;
      await store.createBucket(accountId, name, { algorithm: 'aws:kms', keyId });
    },
    async makeBucket(caller, name, algorithm, owner) {
      standIn.authorize(caller, 's3:CreateBucket', `arn:aws:s3:::${name}`);
      await store.createBucket(caller.accountId, name, { algorithm }, owner);
    },
    async removeBucket(caller, name) {
      owned(store, caller, name, 's3:DeleteBucket');
      await store.deleteBucket(name);
    },
    async setPolicy(caller, name, document) {
      owned(store, caller, name, document === null ? 's3:DeleteBucketPolicy' : 's3:PutBucketPolicy');
      await store.setPolicy(name, document ?? undefined);
    },
    read: (caller, name, key, maxBytes) => readObject(store, caller, name, key, maxBytes),
    deleteBucket: (name) => store.deleteBucket(name),
    bucketsOf: async (accountId) => store.bucketsOf(accountId).map(({ name }) => name),
    async objects(name, limit) {
      const found = await state.list<ObjectRecord>(objectsOf(name), { limit });
      return found.map(([key, { size, modifiedAt }]) => ({
        key,
        bytes: size,
        modifiedAt: new Date(modifiedAt).toISOString(),
      }));
    },
  };
}

/** Throws NoSuchBucket, and AccessDenied unless the caller may do that to a bucket of any account. */
function owned(store: S3Store, caller: Caller, name: string, action: string): BucketRecord {
  const bucket = store.find(name);
  if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  const context = { 'aws:ResourceAccount': bucket.accountId };
  store.standIn.authorize(caller, action, `arn:aws:s3:::${name}`, context);
  return bucket;
}

/** An object for an AWS service that reads it in the caller's name. */
async function readObject(
  store: S3Store,
  caller: Caller,
  name: string,
  key: string,
  maxBytes: number,
): Promise<Buffer> {
  const owner = store.find(name);
  if (!owner) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  store.standIn.authorize(caller, 's3:GetObject', `arn:aws:s3:::${name}/${key}`, {
    'aws:ResourceAccount': owner.accountId,
  });
  const object = await store.object(name, key);
  if (!object) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  if (object.size > maxBytes) throw new AwsError('EntityTooLarge', `${key} has more than ${maxBytes} bytes.`);
  if (object.size === 0) return Buffer.alloc(0);
  return buffer(await store.blobs.read(object.file, 0, object.size - 1));
}
