import {
  BatchStopJobRunCommand,
  GetJobRunCommand,
  GlueClient,
  type JobRun,
  StartJobRunCommand,
} from '@aws-sdk/client-glue';
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { DatasetName, ExtractFormat, ManifestSeed, OutputColumn } from '@/lib/domain/extracts/ports';
import { awsNames, tenantBucket } from '@/local/aws-names';
import { asControl, asTenant } from '@/local/database';
import { type AwsAccess, clientConfig, s3Client, tenantKeys } from './test-aws';

/** What a test's extract asks for; standard: the ids of all customers, as CSV. */
export interface AskedExtract {
  readonly tenantId: string;
  readonly requestId: string;
  /** Position that the replica has to show; standard: any. */
  readonly watermark?: string;
  readonly dataset?: DatasetName;
  readonly columns?: readonly OutputColumn[];
  readonly format?: ExtractFormat;
  readonly policyVersion?: number;
  readonly range?: ManifestSeed['range'];
  readonly asOf?: string;
}

/** A column that leaves the CRM, as a request names it. */
export const column = (
  name: string,
  type: OutputColumn['type'] = 'text',
  mask: OutputColumn['mask'] = 'none',
): OutputColumn => ({ name, type, mask });

/** Arguments of a run of the extract job, sealed by the tenant in the database as the portal has it done. */
export async function extractArguments(
  portalUrl: string,
  asked: AskedExtract,
): Promise<Record<string, string>> {
  const { tenantId, requestId, watermark = '0' } = asked;
  const manifest = JSON.stringify({
    requestId,
    attempt: 1,
    tenant: tenantId,
    dataset: asked.dataset ?? 'customers',
    format: asked.format ?? 'csv',
    columns: asked.columns ?? [column('customer_id')],
    policyVersion: asked.policyVersion ?? 1,
    asOf: asked.asOf ?? null,
    range: asked.range ?? { from: null, before: null },
    requestedBy: 'A test',
    requestedAt: '2026-03-01T00:00:00.000Z',
  } satisfies ManifestSeed);
  const seal = await asTenant(portalUrl, tenantId, async (client) => {
    const { rows } = await client.query<{ seal: string }>('SELECT crm.seal_order($1) AS seal', [
      `${watermark} ${manifest}`,
    ]);
    return rows[0]?.seal ?? '';
  });
  return {
    '--request_id': requestId,
    '--tenant_id': tenantId,
    '--watermark': watermark,
    '--manifest': manifest,
    '--seal': seal,
  };
}

/** Adds a tenant with its account and `customers` customers: c1, c2 …, all in the database at `portalUrl`. */
export async function addTenant(
  portalUrl: string,
  tenantId: string,
  accountId: string,
  customers = 0,
): Promise<void> {
  await asControl(portalUrl, (client) =>
    client.query(`INSERT INTO tenant (id, name, account_id) VALUES ($1, $1, $2)`, [tenantId, accountId]),
  );
  await asTenant(portalUrl, tenantId, (client) =>
    client.query(
      `INSERT INTO crm.customer (tenant_id, id, name, email)
       SELECT $1, 'c' || n, 'Customer ' || n, $1 || n || '@example.com' FROM generate_series(1, $2::int) AS n`,
      [tenantId, customers],
    ),
  );
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
