import { GetJobRunCommand, GetJobRunsCommand, GlueClient, StartJobRunCommand } from '@aws-sdk/client-glue';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from '@playwright/test';
import { awsNames, externalId, pooledRoleArn, tenantBucket } from '../../local/aws-names';
import { runningStack } from '../tenants';
import { clientOf, type FurnishedTenant } from './furnish';

/** Arguments that somebody who holds the pooled session of a tenant gives to the extract job. */
interface Attempt {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/**
 * Starts the extract job as a pooled session of `own`, with arguments that reach for `other`: SQL that changes tenant or role,
 * and, with `every`, in each argument the values of `other` and SQL. Returns which attempts wrote something of `other` to the
 * bucket of `own`, how many there were, and how a run with the arguments of the product ended.
 */
export async function attackExtractJob(
  own: FurnishedTenant,
  other: FurnishedTenant,
  every: boolean,
): Promise<{ readonly leaks: readonly string[]; readonly attempts: number; readonly unchanged: string }> {
  const glue = new GlueClient(await pooledSession(own.id));
  const { JobRuns = [] } = await glue.send(new GetJobRunsCommand({ JobName: awsNames.extractJob }));
  const run = JobRuns.find(({ Arguments }) => JSON.stringify(Arguments).includes(own.extractId));
  const unchanged = await runJob(glue, run?.Arguments ?? {});
  const attempts = attemptsOf(run?.Arguments ?? {}, own, other, every);
  const leaks: string[] = [];
  for (const [index, attempt] of attempts.entries()) {
    // A place of its own for what each attempt writes.
    const id = `${own.extractId.slice(0, -2)}${String(index).padStart(2, '0')}`;
    const given = Object.entries(attempt.arguments).map(([name, value]) => [
      name,
      value.replaceAll(own.extractId, id),
    ]);
    await runJob(glue, Object.fromEntries(given));
    const written = await objectsBelow(own, `extracts/${id}/`);
    if (written.includes(other.id)) leaks.push(attempt.name);
  }
  return { leaks, attempts: attempts.length, unchanged };
}

function attemptsOf(
  given: Readonly<Record<string, string>>,
  own: FurnishedTenant,
  other: FurnishedTenant,
  every: boolean,
): readonly Attempt[] {
  const hostile = (setting: string, value: string, columns: string, table: string) =>
    `WITH taken AS MATERIALIZED (SELECT set_config('${setting}', '${value}', true) AS t)
     SELECT ${columns} FROM taken CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE taken.t <> '') AS o`;
  const orders = 'o.customer_id, o.ordered_at, o.quantity, o.amount';
  const people = 'o.email AS customer_id, o.last_seen_at AS ordered_at, 1 AS quantity, 1.0 AS amount';
  const sql = `') , (SELECT set_config('app.tenant_id', '${other.id}', true)) , ('`;
  const foreign = (value: string) =>
    value.replaceAll(own.id, other.id).replaceAll(own.accountId, other.accountId);
  const changed = (name: string, value: string): Attempt => ({
    name: `${name}: ${value.slice(0, 80)}`,
    arguments: { ...given, [name]: value },
  });
  return [
    changed('--statement', hostile('app.tenant_id', other.id, orders, 'crm.customer_order')),
    changed('--statement', hostile('role', 'annex_control', people, 'public.app_user')),
    changed('--tenant_id', other.id),
    ...(every
      ? Object.entries(given).flatMap(([name, value]) => [
          ...(foreign(value) === value ? [] : [changed(name, foreign(value))]),
          changed(name, `${value}${sql}`),
        ])
      : []),
  ];
}

/** Runs the job and returns its last state; `REFUSED` if it was not started. */
async function runJob(glue: GlueClient, given: Readonly<Record<string, string>>): Promise<string> {
  const JobName = awsNames.extractJob;
  const started = await glue
    .send(new StartJobRunCommand({ JobName, Arguments: { ...given } }))
    .catch(() => undefined);
  const RunId = started?.JobRunId;
  if (RunId === undefined) return 'REFUSED';
  let state = '';
  const read = async () => {
    const { JobRun } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
    state = JobRun?.JobRunState ?? '';
    return state;
  };
  await expect.poll(read, { timeout: 120_000 }).toMatch(/^(SUCCEEDED|FAILED|ERROR|STOPPED|TIMEOUT)$/);
  return state;
}

async function objectsBelow({ id, accountId, keys }: FurnishedTenant, Prefix: string): Promise<string> {
  const client = new S3Client(clientOf(keys));
  const Bucket = tenantBucket(id, accountId);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }));
  const bodies = Contents.map(async ({ Key }) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    // The manifest repeats what was asked for; the data is what was read.
    return Key?.endsWith('manifest.json') ? '' : await Body?.transformToString();
  });
  return (await Promise.all(bodies)).join('\n');
}

/** The session with which the portal works for a tenant in its own account. */
async function pooledSession(tenantId: string) {
  const { environment } = await runningStack();
  const {
    AWS_REGION = '',
    AWS_ENDPOINT_URL = '',
    AWS_ACCESS_KEY_ID = '',
    AWS_SECRET_ACCESS_KEY = '',
  } = environment;
  const place = { region: AWS_REGION, endpoint: AWS_ENDPOINT_URL };
  const portal = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const { Credentials } = await new STSClient({ ...place, credentials: portal }).send(
    new AssumeRoleCommand({
      RoleArn: pooledRoleArn,
      RoleSessionName: 'attack',
      ExternalId: externalId(tenantId),
      Tags: [{ Key: 'TenantId', Value: tenantId }],
    }),
  );
  return {
    ...place,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  };
}
