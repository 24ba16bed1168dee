import {
  BatchStopJobRunCommand,
  GetJobRunCommand,
  GlueClient,
  type JobRun,
  StartJobRunCommand,
} from '@aws-sdk/client-glue';
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { awsNames, externalId, siloRoleArn, tenantBucket } from '@/local/aws-names';
import { type AwsAccess, clientConfig, s3Client, tenantKeys } from './test-aws';

/** What a test's extract asks for. */
export interface AskedExtract {
  readonly tenantId: string;
  readonly accountId: string;
  readonly requestId: string;
  /** Position that the replica has to show; standard: any. */
  readonly watermark?: string;
  readonly statement: string;
  readonly values?: readonly { readonly type: string; readonly value: string | null }[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly format?: 'csv' | 'xgboost' | 'parquet';
  readonly manifest?: object;
}

/** Arguments of a run of the extract job, as the portal gives them. */
export function extractArguments(asked: AskedExtract): Record<string, string> {
  const { tenantId, accountId, requestId } = asked;
  return {
    '--request_id': requestId,
    '--tenant_id': tenantId,
    '--watermark': asked.watermark ?? '0',
    '--statement': asked.statement,
    '--values': JSON.stringify(asked.values ?? []),
    '--columns': JSON.stringify(asked.columns.map((column) => ({ mask: 'none', ...column }))),
    '--format': asked.format ?? 'csv',
    '--bucket': tenantBucket(tenantId, accountId),
    '--prefix': `extracts/${requestId}/`,
    '--role_arn': siloRoleArn(accountId),
    '--external_id': externalId(tenantId),
    '--manifest': JSON.stringify(asked.manifest ?? { requestId, tenantId }),
  };
}

/** The extract job as one tenant's session sees it, and what is in the tenant's bucket. */
export interface ExtractBench {
  readonly glue: GlueClient;
  start(runArguments: Record<string, string>): Promise<string>;
  run(id: string): Promise<JobRun>;
  /** Waits until the run is in one of `states`; fails after a minute. */
  until(id: string, ...states: string[]): Promise<JobRun>;
  /** Waits until the run has ended. */
  ended(id: string): Promise<JobRun>;
  stop(id: string): Promise<void>;
  /** Keys of objects, and of uploads that are under way, below `extracts/`. */
  left(): Promise<{ readonly objects: readonly string[]; readonly uploads: readonly string[] }>;
  read(requestId: string, file: string): Promise<Buffer>;
}

/** Clients are made for every call: a restart of the stand-in does not leave them with dead connections. */
export async function extractBench(
  aws: AwsAccess,
  tenantId: string,
  accountId: string,
): Promise<ExtractBench> {
  const glue = new GlueClient(clientConfig(aws, await tenantKeys(aws, tenantId)));
  const s3 = s3Client(aws, await tenantKeys(aws, tenantId, accountId));
  const Bucket = tenantBucket(tenantId, accountId);
  const JobName = awsNames.extractJob;
  const run = async (RunId: string): Promise<JobRun> => {
    const { JobRun: found } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
    if (!found) throw new Error('no run');
    return found;
  };
  const until = async (id: string, ...states: string[]): Promise<JobRun> => {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const found = await run(id);
      if (states.includes(found.JobRunState ?? '')) return found;
      if (Date.now() > deadline) throw new Error(`The run is ${found.JobRunState}: ${found.ErrorMessage}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return {
    glue,
    run,
    until,
    ended: (id) => until(id, 'SUCCEEDED', 'FAILED', 'STOPPED', 'TIMEOUT'),
    async start(Arguments) {
      const { JobRunId } = await glue.send(new StartJobRunCommand({ JobName, Arguments }));
      return JobRunId ?? '';
    },
    async stop(id) {
      const { Errors } = await glue.send(new BatchStopJobRunCommand({ JobName, JobRunIds: [id] }));
      if (Errors?.length) throw new Error(JSON.stringify(Errors));
    },
    async left() {
      const at = { Bucket, Prefix: 'extracts/' };
      const { Contents = [] } = await s3.send(new ListObjectsV2Command(at));
      const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand(at));
      return { objects: Contents.map(({ Key }) => Key ?? ''), uploads: Uploads.map(({ Key }) => Key ?? '') };
    },
    async read(requestId, file) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `extracts/${requestId}/${file}` }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
  };
}
