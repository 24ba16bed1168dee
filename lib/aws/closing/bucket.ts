import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Pass, Refused } from '@/lib/domain/closing/ports';
import { isAnnexError } from '@/lib/errors';
import { tenantClient } from '../core/clients';
import { aws } from '../core/errors';
import { tenantBucket } from '../core/tenant-bucket';
import type { Account } from './sagemaker';

/** Pages of 1,000 versions that one pass deletes. */
const pagesAtOnce = 20;

const bucketOf = (account: Account) => ({
  client: tenantClient(S3Client, { kind: 'silo', ...account }),
  at: { Bucket: tenantBucket(account.tenantId, account.accountId), ExpectedBucketOwner: account.accountId },
});

interface Version {
  readonly Key: string;
  readonly VersionId: string | undefined;
  readonly bytes: number;
}

/** Versions and delete markers, so that a bucket with versioning becomes empty, too. Nothing for a bucket that is gone. */
async function* versions(account: Account): AsyncGenerator<readonly Version[]> {
  const { client, at } = bucketOf(account);
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await orGone(() =>
      aws('listing the bucket', () => client.send(new ListObjectVersionsCommand({ ...at, ...marker }))),
    );
    if (!page) return;
    const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    yield all.flatMap((each) =>
      each.Key === undefined
        ? []
        : [{ Key: each.Key, VersionId: each.VersionId, bytes: 'Size' in each ? Number(each.Size ?? 0) : 0 }],
    );
    if (!page.IsTruncated) return;
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

export async function countObjects(
  account: Account,
): Promise<{ readonly objects: number; readonly bytes: number }> {
  let objects = 0;
  let bytes = 0;
  for await (const page of versions(account)) {
    objects += page.length;
    for (const version of page) bytes += version.bytes;
  }
  return { objects, bytes };
}

export async function emptyBucket(account: Account): Promise<Pass> {
  const refused: Refused[] = [];
  let pages = 0;
  for await (const page of versions(account)) {
    if (page.length === 0) break;
    if (pages === pagesAtOnce) return { waiting: page.length, refused };
    refused.push(...(await deleteVersions(account, page)));
    pages += 1;
  }
  await abortUploads(account);
  return { waiting: 0, refused };
}

async function deleteVersions(account: Account, page: readonly Version[]): Promise<readonly Refused[]> {
  const { client, at } = bucketOf(account);
  const Objects = page.map(({ Key, VersionId }) => ({ Key, VersionId }));
  const answer = await aws('emptying the bucket', () =>
    client.send(new DeleteObjectsCommand({ ...at, Delete: { Objects, Quiet: true } })),
  );
  return (answer.Errors ?? []).map(({ Key, Code }) => ({
    what: `the object ${Key}`,
    reason: `Amazon S3 refused it: ${Code}.`,
    runs: null,
  }));
}

/** Parts of uploads that never ended keep no bucket from being deleted, but they cost. */
async function abortUploads(account: Account): Promise<void> {
  const { client, at } = bucketOf(account);
  const page = await orGone(() =>
    aws('listing uploads', () => client.send(new ListMultipartUploadsCommand(at))),
  );
  for (const { Key, UploadId } of page?.Uploads ?? []) {
    await orGone(() =>
      aws('ending an upload', () => client.send(new AbortMultipartUploadCommand({ ...at, Key, UploadId }))),
    );
  }
}

async function orGone<T>(run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (isAnnexError(error, 'not_found')) return null;
    throw error;
  }
}
