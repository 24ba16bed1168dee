import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { codeOf, roleFailure, storeFailure } from './failure';
import { createUpload, type Upload } from './upload';

/** Where AWS is, and the keys of the job's own role. */
export interface JobIdentity {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

/** Where a run writes, and as whom. */
export interface Destination {
  readonly requestId: string;
  readonly tenantId: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly roleArn: string;
  readonly externalId: string;
}

/** The part of a tenant's bucket that one request writes, as the tenant's role. Every method throws ExtractFailure. */
export interface ExtractStore {
  /** Removes what an earlier run of the request left. */
  clear(): Promise<void>;
  upload(file: string, contentType: string, signal: AbortSignal): Promise<Upload>;
  /** Writes a small object that must not be there yet. */
  put(file: string, contentType: string, body: string): Promise<void>;
  remove(file: string): Promise<void>;
  close(): void;
}

/**
 * Opens the store of `to` by assuming the tenant's role with the job's own: its trust asks for the tenant's external id
 * and session tag. Throws ExtractFailure when the role does not trust that.
 */
export async function openStore(job: JobIdentity, to: Destination): Promise<ExtractStore> {
  const { endpoint, region } = job;
  const { accessKeyId, secretAccessKey, sessionToken } = job.credentials;
  const sts = new STSClient({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
  const assume = () => assumeTenantRole(sts, to);
  const first = await assume();
  let kept: typeof first | null = first;
  const s3 = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    maxAttempts: 4,
    credentials: async () => {
      const given = kept ?? (await assume());
      kept = null;
      return given;
    },
  });
  const { bucket, prefix } = to;
  const at = (file: string) => ({ Bucket: bucket, Key: `${prefix}${file}` });
  const can = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storeFailure(error, bucket, what);
    }
  };
  return {
    clear: () => can('delete the files of an earlier run', () => clear(s3, bucket, prefix)),
    upload: (file, contentType, signal) =>
      can('write', async () => {
        const { UploadId } = await s3.send(
          new CreateMultipartUploadCommand({
            ...at(file),
            ContentType: contentType,
            ServerSideEncryption: 'aws:kms',
          }),
          { abortSignal: signal },
        );
        const upload = createUpload(s3, { ...at(file), UploadId }, signal);
        return {
          write: (chunk) => can('write', () => upload.write(chunk)),
          complete: () => can('write', () => upload.complete()),
          abort: () => can('delete the files of an earlier run', () => upload.abort()),
        };
      }),
    put: (file, contentType, body) =>
      can('write', async () => {
        const encryption = { ServerSideEncryption: 'aws:kms', IfNoneMatch: '*' } as const;
        await s3.send(
          new PutObjectCommand({ ...at(file), ...encryption, ContentType: contentType, Body: body }),
        );
      }),
    remove: (file) =>
      can('delete', async () => {
        await s3.send(new DeleteObjectCommand(at(file)));
      }),
    close() {
      s3.destroy();
      sts.destroy();
    },
  };
}

async function assumeTenantRole(sts: STSClient, to: Destination) {
  try {
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: to.roleArn,
        RoleSessionName: `annex-extract-${to.requestId}`,
        ExternalId: to.externalId,
        Tags: [{ Key: 'TenantId', Value: to.tenantId }],
        // The longest that a role assumed by a role may be.
        DurationSeconds: 3600,
      }),
    );
    if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken || !given.Expiration) {
      throw new Error('STS returned no keys.');
    }
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
      expiration: given.Expiration,
    };
  } catch (error) {
    throw roleFailure(error, to.roleArn);
  }
}

/** The manifest goes first: without it nobody takes what is left for an extract. */
async function clear(s3: S3Client, bucket: string, prefix: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: `${prefix}manifest.json` }));
  const [open, objects] = await Promise.all([
    s3.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix })),
    s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix })),
  ]);
  const gone = (error: unknown) => {
    if (codeOf(error) !== 'NoSuchUpload') throw error;
  };
  await Promise.all([
    ...(open.Uploads ?? []).map(({ Key, UploadId }) =>
      s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId })).catch(gone),
    ),
    ...(objects.Contents ?? []).map(({ Key }) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }))),
  ]);
}
