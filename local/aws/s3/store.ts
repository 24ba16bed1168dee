import { join } from 'node:path';
import { CannotStart } from '@/local/cannot-start';
import { AwsError, type StandIn } from '../core/service';
import type { DurableState } from '../core/state';
import { BlobStore } from './blobs';
import type { S3Request } from './exchange';
import {
  type BucketRecord,
  bucketsCollection,
  type Encryption,
  type ObjectRecord,
  objectsOf,
  type PartRecord,
  partsOf,
  type UploadRecord,
  uploadsOf,
} from './records';

/** Buckets and objects: records in the state, bytes in files. */
export class S3Store {
  readonly blobs: BlobStore;
  private readonly buckets = new Map<string, BucketRecord>();
  private readonly busy = new Map<string, Promise<unknown>>();

  constructor(
    readonly standIn: StandIn,
    readonly state: DurableState,
    dir: string,
  ) {
    this.blobs = new BlobStore(join(dir, 's3'));
  }

  async load(): Promise<void> {
    /** Names of objects by file; a part has none. */
    const used = new Map<string, string | null>();
    for (const [name, bucket] of await this.state.list<BucketRecord>(bucketsCollection)) {
      this.buckets.set(name, bucket);
      this.applyPolicy(bucket);
      for (const [key, object] of await this.state.list<ObjectRecord>(objectsOf(name)))
        used.set(object.file, `${name}/${key}`);
      for (const [uploadId] of await this.state.list<UploadRecord>(uploadsOf(name))) {
        for (const [, part] of await this.state.list<PartRecord>(partsOf(uploadId)))
          used.set(part.file, null);
      }
    }
    await this.reportLost(used);
    await this.blobs.removeUnused(new Set(used.keys()));
  }

  /** Logs which objects have lost their files. Throws CannotStart when all have. */
  private async reportLost(used: ReadonlyMap<string, string | null>): Promise<void> {
    const missing = await this.blobs.missing([...used.keys()]);
    const lost = missing.map((file) => used.get(file) ?? null).filter((name) => name !== null);
    if (lost.length === 0) return;
    const objects = [...used.values()].filter((name) => name !== null);
    if (lost.length === objects.length) {
      throw new CannotStart(
        `${this.blobs.dir} is damaged: the files of all objects are missing. It holds what is stored in S3: extracts, models and logs. Restore the folder, or start over with "npm run reset", which deletes all data.`,
      );
    }
    this.standIn.log.error(
      { lost },
      `${this.blobs.dir} lacks the files of ${lost.length} of ${objects.length} objects: ${lost.slice(0, 5).join(', ')}. Reading them fails until the files are restored or the objects are written again.`,
    );
  }

  find(bucket: string): BucketRecord | undefined {
    return this.buckets.get(bucket);
  }

  bucketsOf(accountId: string): readonly BucketRecord[] {
    const own = [...this.buckets.values()].filter((bucket) => bucket.accountId === accountId);
    return own.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * The bucket, if the caller may do `action` on it or on its object `key`. Throws NoSuchBucket and AccessDenied.
   * Access to another account's bucket is always denied.
   */
  authorized(s3: S3Request, action: string, bucket = s3.bucket, key: string | null = null): BucketRecord {
    const record =
      this.standIn.standing('bucket.missing', bucket) === null ? this.buckets.get(bucket) : undefined;
    if (!record) {
      throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });
    }
    const expected = s3.header('x-amz-expected-bucket-owner');
    if (expected !== undefined && expected !== record.accountId)
      throw new AwsError('AccessDenied', 'Access Denied', 403);
    const arn = `arn:aws:s3:::${bucket}${key === null ? '' : `/${key}`}`;
    this.standIn.authorize(s3.caller, action, arn, { 'aws:ResourceAccount': record.accountId });
    return record;
  }

  /** Creates a bucket unless `accountId` owns it already. Throws InvalidBucketName and BucketAlreadyExists. */
  async createBucket(accountId: string, name: string, encryption: Encryption, owner?: string): Promise<void> {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || /\.\.|^\d+\.\d+\.\d+\.\d+$/.test(name)) {
      throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, {
        BucketName: name,
      });
    }
    await this.alone(name, async () => {
      const existing = this.buckets.get(name);
      if (existing?.accountId === accountId && (owner === undefined || existing.owner === owner)) return;
      if (existing) {
        throw new AwsError('BucketAlreadyExists', 'The requested bucket name is not available.', 409, {
          BucketName: name,
        });
      }
      const made = { name, accountId, createdAt: Date.now(), encryption };
      const bucket = owner === undefined ? made : { ...made, owner };
      await this.state.put(bucketsCollection, name, bucket);
      this.buckets.set(name, bucket);
    });
  }

  async deleteBucket(name: string): Promise<void> {
    await this.alone(name, async () => {
      if ((await this.state.list(objectsOf(name), { limit: 1 })).length > 0) {
        throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
          BucketName: name,
        });
      }
      await this.state.delete(bucketsCollection, name);
      this.buckets.delete(name);
      this.applyPolicy({ name });
    });
  }

  /** Sets the policy of a bucket that is there; `undefined`: none. Throws MalformedPolicyDocument. */
  async setPolicy(name: string, policy: unknown): Promise<void> {
    await this.alone(name, async () => {
      const { policy: _, ...bucket } = this.buckets.get(name) ?? { name };
      if (!('accountId' in bucket)) return;
      const changed = policy === undefined ? bucket : { ...bucket, policy };
      this.applyPolicy(changed);
      await this.state.put(bucketsCollection, name, changed);
      this.buckets.set(name, changed);
    });
  }

  private applyPolicy({ name, policy = null }: Pick<BucketRecord, 'name' | 'policy'>): void {
    this.standIn.services.iam.setResourcePolicy(`arn:aws:s3:::${name}`, policy);
  }

  object(bucket: string, key: string): Promise<ObjectRecord | undefined> {
    return this.state.get<ObjectRecord>(objectsOf(bucket), key);
  }

  /**
   * Stores `object` in place of the existing one, if `check` does not throw. Removes the upload `uploadId` with its
   * parts. Removes the object's file when this fails.
   */
  async putObject(
    bucket: string,
    key: string,
    object: ObjectRecord,
    check: (existing: ObjectRecord | undefined) => void = () => undefined,
    uploadId?: string,
  ): Promise<void> {
    let obsolete: readonly string[] = [object.file];
    try {
      obsolete = await this.alone(bucket, async () => {
        if (!this.buckets.has(bucket))
          throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
        const existing = await this.object(bucket, key);
        check(existing);
        const parts = uploadId === undefined ? [] : await this.state.list<PartRecord>(partsOf(uploadId));
        await this.state.write([
          { type: 'put', collection: objectsOf(bucket), key, value: object },
          ...(uploadId === undefined
            ? []
            : [{ type: 'del', collection: uploadsOf(bucket), key: uploadId } as const]),
          ...parts.map(
            ([part]) => ({ type: 'del', collection: partsOf(uploadId ?? ''), key: part }) as const,
          ),
        ]);
        return [...(existing ? [existing.file] : []), ...parts.map(([, part]) => part.file)];
      });
    } finally {
      await this.blobs.remove(...obsolete);
    }
  }

  async deleteObject(bucket: string, key: string): Promise<void> {
    await this.alone(bucket, async () => {
      const existing = await this.object(bucket, key);
      if (!existing) return;
      await this.state.delete(objectsOf(bucket), key);
      await this.blobs.remove(existing.file);
    });
  }

  async deleteUpload(bucket: string, uploadId: string): Promise<void> {
    const parts = await this.state.list<PartRecord>(partsOf(uploadId));
    await this.state.write([
      { type: 'del', collection: uploadsOf(bucket), key: uploadId },
      ...parts.map(([part]) => ({ type: 'del', collection: partsOf(uploadId), key: part }) as const),
    ]);
    await this.blobs.remove(...parts.map(([, part]) => part.file));
  }

  /** Runs `task`, but never together with another task of the same name. */
  async alone<T>(name: string, task: () => Promise<T>): Promise<T> {
    const before = this.busy.get(name) ?? Promise.resolve();
    const run = before.then(task, task);
    const settled = run.catch(() => undefined);
    this.busy.set(name, settled);
    try {
      return await run;
    } finally {
      if (this.busy.get(name) === settled) this.busy.delete(name);
    }
  }
}
