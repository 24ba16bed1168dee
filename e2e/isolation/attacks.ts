import { GetJobRunCommand, GetJobRunsCommand, GlueClient, StartJobRunCommand } from '@aws-sdk/client-glue';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from '@playwright/test';
import { awsNames, externalId, pooledRoleArn, siloRoleArn, tenantBucket } from '../../local/aws-names';
import { asTenant } from '../../local/database';
import { databaseUrl, runningStack } from '../tenants';
import { asJobLogin } from './database';
import { clientOf, type FurnishedTenant } from './furnish';

/** The arguments of a run of the extract job. */
type Arguments = Readonly<Record<string, string>>;

/** What somebody who holds the pooled session of a tenant asks of the extract job. */
interface Attempt {
  readonly name: string;
  readonly arguments: Arguments;
  /** Whether the job passes over what it does not know, and does what the tenant ordered. */
  readonly ignored?: boolean;
}

/**
 * Starts the extract job as a pooled session of `own`, with arguments that reach for `other`. With `every`, in each argument and
 * each part of the order. Returns which attempts went otherwise than they should, how many they were, and how a run with the
 * arguments of the product ended after them.
 */
export async function attackExtractJob(
  own: FurnishedTenant,
  other: FurnishedTenant,
  every: boolean,
): Promise<{ readonly faults: readonly string[]; readonly attempts: number; readonly control: string }> {
  const glue = new GlueClient(await pooledSession(own.id));
  const given = await argumentsOf(own, glue);
  const theirs = await argumentsOf(other, new GlueClient(await pooledSession(other.id)));
  const attempts = [
    ...freeArguments(given, own, other),
    ...ordersOfOther(given, theirs),
    ...(every ? injections(given, other) : []),
    ...(await sealedHostility(given, own, other, every)),
  ];
  const faults: string[] = [];
  const outcomes = async ({ name, arguments: asked, ignored = false }: Attempt) => {
    const state = await runJob(glue, asked);
    const expected = ignored ? ['SUCCEEDED'] : ['FAILED', 'REFUSED'];
    if (!expected.includes(state)) faults.push(`${name}: ${state}`);
    if ((await objectsBelow(own, 'extracts/')).includes(`canary-${other.id}`))
      faults.push(`${name}: wrote rows`);
  };
  for (const attempt of attempts) await outcomes(attempt);
  const state = await runJob(glue, given);
  const written = await objectsBelow(own, `extracts/${own.extractId}/`);
  const control = `${state}${written.includes(`canary-${own.id}`) ? ', with rows of its own' : ', without rows'}`;
  return { faults, attempts: attempts.length, control };
}

/** What the product gave the job for the extract of `tenant`. */
async function argumentsOf({ extractId }: FurnishedTenant, glue: GlueClient): Promise<Arguments> {
  const { JobRuns = [] } = await glue.send(new GetJobRunsCommand({ JobName: awsNames.extractJob }));
  const run = JobRuns.find(({ Arguments }) => Arguments?.['--request_id'] === extractId);
  if (!run?.Arguments) throw new Error(`There is no run for ${extractId}.`);
  return run.Arguments;
}

/** SQL that takes another tenant or another role, for a place that takes a statement or a value. */
const takeover = (setting: string, value: string, table: string) =>
  `WITH taken AS MATERIALIZED (SELECT set_config('${setting}', '${value}', true) AS t)
   SELECT o.* FROM taken CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE taken.t <> '') AS o`;
const injected = ({ id }: FurnishedTenant) => `x' || set_config('app.tenant_id', '${id}', true) || '`;

/** Arguments that the job took once: a statement and its values, and a place to write to. */
function freeArguments(given: Arguments, own: FurnishedTenant, other: FurnishedTenant): Attempt[] {
  const statements = [
    takeover('app.tenant_id', other.id, 'crm.customer_order'),
    takeover('role', 'annex_control', 'public.app_user'),
  ];
  const place = {
    '--role_arn': siloRoleArn(own.accountId),
    '--bucket': tenantBucket(other.id, other.accountId),
    '--prefix': '',
  };
  return [
    ...statements.map((statement) => ({
      name: `statement ${statement.slice(0, 80)}`,
      arguments: { ...given, '--statement': statement, '--values': '[]' },
      ignored: true,
    })),
    { name: 'place to write to', arguments: { ...given, ...place }, ignored: true },
  ];
}

/** Another tenant's order, which everybody who may list runs can read, and one's own with parts of it. */
function ordersOfOther(given: Arguments, theirs: Arguments): Attempt[] {
  const { '--seal': seal = '', '--manifest': manifest = '', '--tenant_id': id = '' } = theirs;
  const changed = given['--seal']?.replace(/^./, (first) => (first === '0' ? '1' : '0')) ?? '';
  const named = { ...orderIn(given), tenant: id };
  return [
    { name: 'the order of the other tenant', arguments: theirs },
    {
      name: 'its order in the own name',
      arguments: { ...theirs, '--tenant_id': given['--tenant_id'] ?? '' },
    },
    { name: 'its tenant’s id', arguments: { ...given, '--tenant_id': id } },
    { name: 'its seal', arguments: { ...given, '--seal': seal } },
    { name: 'its manifest', arguments: { ...given, '--manifest': manifest } },
    { name: 'its id inside the own order', arguments: { ...given, '--manifest': JSON.stringify(named) } },
    { name: 'a changed seal', arguments: { ...given, '--seal': changed } },
    { name: 'no seal', arguments: { ...given, '--seal': '' } },
    { name: 'another position under the own seal', arguments: { ...given, '--watermark': '1' } },
  ];
}

const injections = (given: Arguments, other: FurnishedTenant): Attempt[] =>
  Object.entries(given).map(([name, value]) => ({
    name: `SQL in ${name}`,
    arguments: { ...given, [name]: `${value}${injected(other)}` },
    // Glue's own, which the job never sees.
    ignored: name === '--job-language',
  }));

/** Orders with SQL in their parts under a true seal of `own`, as a fault of the portal could make one. */
async function sealedHostility(
  given: Arguments,
  own: FurnishedTenant,
  other: FurnishedTenant,
  every: boolean,
): Promise<Attempt[]> {
  const sql = injected(other);
  const parts: Readonly<Record<string, unknown>> = {
    tenant: other.id,
    dataset: takeover('app.tenant_id', other.id, 'crm.customer_order'),
    columns: [{ name: sql, type: 'text', mask: 'none' }],
    range: { from: sql, before: null },
    ...(every && {
      asOf: sql,
      format: sql,
      policyVersion: sql,
      'columns, mask': [{ name: 'customer_id', type: 'text', mask: sql }],
    }),
  };
  return Promise.all(
    Object.entries(parts).map(async ([part, value]) => {
      const name = part.split(',')[0] ?? part;
      const manifest = JSON.stringify({ ...orderIn(given), [name]: value });
      const seal = await sealOf(own, `${given['--watermark']} ${manifest}`);
      return {
        name: `sealed order with another ${part}`,
        arguments: { ...given, '--manifest': manifest, '--seal': seal },
      };
    }),
  );
}

const orderIn = (given: Arguments) => JSON.parse(given['--manifest'] ?? '{}') as Record<string, unknown>;

/** The seal that the database gives a transaction of `tenant` for `order`. */
async function sealOf({ id }: FurnishedTenant, order: string): Promise<string> {
  const { rows } = await asTenant(await databaseUrl(), id, (client) =>
    client.query<{ seal: string }>('select crm.seal_order($1) as seal', [order]),
  );
  return rows[0]?.seal ?? '';
}

/**
 * Connects to the replica with the login of the extract job, sets what a statement could set, and returns which rows of `other`
 * it saw, how many combinations it tried, and how many customers it saw with the order that `own` sealed.
 */
export async function attackAsJobLogin(
  own: FurnishedTenant,
  other: FurnishedTenant,
): Promise<{ readonly seen: readonly string[]; readonly tries: number; readonly control: number }> {
  const order = `1 ${JSON.stringify({ tenant: own.id })}`;
  const seal = await sealOf(own, order);
  const theirs = await sealOf(other, order);
  const settings = [
    { tenant: other.id, order, seal },
    { tenant: other.id, order: `${order} `, seal: theirs },
    { tenant: own.id, order, seal: theirs },
    { tenant: other.id, order: '', seal: '' },
    { tenant: '', order, seal },
    { tenant: `${own.id},${other.id}`, order, seal },
  ];
  const seen: string[] = [];
  const roles = ['annex_tenant', 'annex_seller', 'annex_control', 'annex_portal', 'annex_owner'];
  const control = await asJobLogin(async (client) => {
    const set = (given: { tenant: string; order: string; seal: string }) =>
      client.query(
        "select set_config('app.tenant_id', $1, false), set_config('app.order', $2, false), set_config('app.seal', $3, false)",
        [given.tenant, given.order, given.seal],
      );
    const rowsOf = async (table: string, column: string) =>
      (await client.query<{ id: string }>(`select ${column} as id from ${table}`)).rows;
    for (const given of settings) {
      await set(given);
      for (const [table, column] of jobTables)
        if ((await rowsOf(table, column)).length > 0) seen.push(`${table} with ${JSON.stringify(given)}`);
    }
    for (const role of roles) {
      const taken = await client.query("select set_config('role', $1, false)", [role]).then(
        () => true,
        () => false,
      );
      if (taken) seen.push(`the role ${role}`);
    }
    await set({ tenant: own.id, order, seal });
    for (const [table, column] of jobTables)
      if ((await rowsOf(table, column)).some(({ id }) => id !== own.id)) seen.push(`${table} of others`);
    return (await rowsOf('crm.customer', 'tenant_id')).length;
  });
  return { seen, tries: settings.length + roles.length, control };
}

/** What the login reads, and the column that names the tenant. */
const jobTables = [
  ['tenant', 'id'],
  ['crm.customer', 'tenant_id'],
  ['crm.customer_order', 'tenant_id'],
  ['crm.ticket', 'tenant_id'],
  ['crm.watermark', 'tenant_id'],
  ['crm.history', 'tenant_id'],
] as const;

/** Runs the job and returns its last state; `REFUSED` if it was not started. */
async function runJob(glue: GlueClient, given: Arguments): Promise<string> {
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
