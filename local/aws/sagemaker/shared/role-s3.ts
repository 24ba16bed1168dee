import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AwsError, type Caller, type StandIn } from '@/local/aws/core/service';
import { sageMakerPrincipal } from '@/local/aws/iam/policies';

/** A place in S3. */
export interface S3Place {
  readonly bucket: string;
  /** A key or a prefix, without a slash in front. */
  readonly key: string;
}

/** The place that `s3://<bucket>/<key>` names; null for anything else, and for more than SageMaker's 1024 characters. */
export function parseS3Uri(uri: string): S3Place | null {
  if (uri.length > 1024) return null;
  const [, bucket, key = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(uri) ?? [];
  return bucket === undefined ? null : { bucket, key };
}

/** S3 as an execution role sees it. */
export interface RoleS3 {
  /** Keys under the prefix, in order, with their sizes. */
  list(place: S3Place): AsyncIterable<{ readonly key: string; readonly bytes: number }>;
  /** Throws a sentence for an object of more than `maxBytes`. */
  download(place: S3Place, file: string, maxBytes: number, signal: AbortSignal): Promise<void>;
  text(place: S3Place): Promise<string>;
  put(place: S3Place, body: Buffer, contentType: string): Promise<void>;
  close(): void;
}

/** Keys of a session that SageMaker takes of the role, for a client of an SDK, which asks again before they expire. */
export const roleCredentials = (standIn: StandIn, roleArn: string) => () =>
  standIn.services.sts.assumeForService(sageMakerPrincipal, roleArn, 'SageMaker');

/** Uses S3 over its own protocol with a session that SageMaker takes of the role. */
export function roleS3(standIn: StandIn, roleArn: string): RoleS3 {
  const client = new S3Client({
    region: standIn.region,
    endpoint: standIn.origin,
    forcePathStyle: true,
    credentials: roleCredentials(standIn, roleArn),
  });
  return {
    async *list({ bucket, key }) {
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: key, ContinuationToken: token }),
        );
        for (const { Key = '', Size = 0 } of page.Contents ?? []) yield { key: Key, bytes: Size };
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    async download({ bucket, key }, file, maxBytes, signal) {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key });
      const { Body, ContentLength = 0 } = await client.send(command, { abortSignal: signal });
      if (ContentLength > maxBytes) {
        (Body as Readable).destroy();
        throw new Error(`s3://${bucket}/${key} has more than ${Math.floor(maxBytes / 2 ** 20)} MB.`);
      }
      await pipeline(Body as Readable, createWriteStream(file), { signal });
    },
    async text({ bucket, key }) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? '';
    },
    async put({ bucket, key }, body, contentType) {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }),
      );
    },
    close: () => client.destroy(),
  };
}

/** True when S3 or IAM answered with a refusal; false when there was no answer, so that another try may succeed. */
export function isRefusal(error: unknown): error is Error {
  if (error instanceof AwsError) return true;
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return status !== undefined && status < 500;
}

/** True when nobody answered, or not to the end, so that another try may succeed. */
export function isUnanswered(error: unknown): boolean {
  const { code, name, $metadata } = error as {
    code?: string;
    name?: string;
    $metadata?: { httpStatusCode?: number };
  };
  if ($metadata?.httpStatusCode !== undefined) return $metadata.httpStatusCode >= 500;
  return /^(ECONN|EPIPE|ETIMEDOUT|ERR_STREAM_PREMATURE_CLOSE)/.test(code ?? '') || name === 'TimeoutError';
}

/** Authorizes `iam:PassRole` and looks at the role's trust, as SageMaker does before it takes a role. */
export function checkExecutionRole(standIn: StandIn, caller: Caller, roleArn: string): void {
  try {
    standIn.authorize(caller, 'iam:PassRole', roleArn, { 'iam:PassedToService': sageMakerPrincipal });
  } catch (error) {
    if (error instanceof AwsError) throw new AwsError('AccessDeniedException', error.message, 400);
    throw error;
  }
  if (standIn.services.sts.trusts(sageMakerPrincipal, roleArn)) return;
  throw new AwsError(
    'ValidationException',
    `Could not assume role ${roleArn}. Please ensure that the role exists and allows principal '${sageMakerPrincipal}' to assume the role.`,
  );
}
