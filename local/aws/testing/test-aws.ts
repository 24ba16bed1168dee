import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { freePort } from '@/local/free-port';
import { externalId, pooledRoleArn, siloRoleArn, world } from '@/local/world';
import type { StandInLog } from '../core/service';
import { tenantAccountRole } from '../iam/policies';
import { type KeyPair, readPortalCredentials } from '../iam/portal-credentials';
import { type RunningAws, startAws } from '../server';

export interface Keys extends KeyPair {
  readonly sessionToken?: string;
}

/** Stand-ins with ports and state of their own, for tests. */
export interface TestAws {
  readonly dir: string;
  readonly portal: Keys;
  /** Lines that were logged as warnings or errors. */
  readonly warnings: { fields: object; message: string }[];
  running(): RunningAws;
  /** Stops, and starts again on the same state and port. */
  restart(): Promise<void>;
  /** Gives `tenantId` its role and a bucket in `accountId`, as the baseline does. */
  vend(tenantId: string, accountId: string, bucket: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestAws(
  more: Pick<Parameters<typeof startAws>[0], 'cognito' | 'replicaUrl'> = {},
): Promise<TestAws> {
  const dir = await mkdtemp(join(tmpdir(), 'annex-aws-'));
  const warnings: TestAws['warnings'] = [];
  const keep = (fields: object, message: string) => void warnings.push({ fields, message });
  const log: StandInLog = { info: () => undefined, warn: keep, error: keep };
  const port = await freePort();
  let running = await startAws({ ...more, dir, port, stepMs: 5, log });
  return {
    dir,
    portal: await readPortalCredentials(dir),
    warnings,
    running: () => running,
    async restart() {
      await running.stop();
      running = await startAws({ ...more, dir, port, stepMs: 5, log });
    },
    async vend(tenantId, accountId, bucket) {
      await running.standIn.services.iam.putRole(tenantAccountRole(tenantId, accountId));
      await running.standIn.services.s3.createBucket(accountId, bucket);
    },
    async stop() {
      await running.stop();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Settings that every SDK client of a test takes. One attempt: a refusal is to be seen, not waited for. */
export function clientConfig(aws: TestAws, keys: Keys) {
  return { region: world.region, endpoint: aws.running().origin, credentials: keys, maxAttempts: 1 };
}

export const s3Client = (aws: TestAws, keys: Keys) =>
  new S3Client({ ...clientConfig(aws, keys), forcePathStyle: true });
export const sqsClient = (aws: TestAws, keys: Keys) => new SQSClient(clientConfig(aws, keys));
export const dynamoClient = (aws: TestAws, keys: Keys) => new DynamoDBClient(clientConfig(aws, keys));
export const stsClient = (aws: TestAws, keys: Keys) => new STSClient(clientConfig(aws, keys));

/** Keys of a tenant's session: in its own account, or of the pooled role without `accountId`. */
export async function tenantKeys(aws: TestAws, tenantId: string, accountId?: string): Promise<Keys> {
  const { Credentials: given } = await stsClient(aws, aws.portal).send(
    new AssumeRoleCommand({
      RoleArn: accountId ? siloRoleArn(accountId) : pooledRoleArn,
      RoleSessionName: 'test',
      ExternalId: externalId(tenantId),
      Tags: [{ Key: 'TenantId', Value: tenantId }],
    }),
  );
  if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken) throw new Error('no credentials');
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
  };
}

/** The environment that a client of another maker needs, with none of this process's own AWS settings. */
export function toolEnvironment(aws: TestAws, keys: Keys): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(kept),
    NODE_ENV: 'test',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    ...(keys.sessionToken ? { AWS_SESSION_TOKEN: keys.sessionToken } : {}),
    AWS_REGION: world.region,
    AWS_DEFAULT_REGION: world.region,
    AWS_ENDPOINT_URL: aws.running().origin,
    AWS_MAX_ATTEMPTS: '1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_PAGER: '',
    NO_PROXY: 'localhost,127.0.0.1',
  };
}

const run = promisify(execFile);

/** Runs a program; its standard output. Rejects with its standard error when it fails. */
export async function runTool(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { stdout } = await run(file, [...args], { env, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** Those of `files` that run with `args`, one of each version that they print. */
export function installed(
  files: readonly string[],
  args: readonly string[],
): readonly { readonly file: string; readonly version: string }[] {
  const found = new Map<string, string>();
  for (const file of files) {
    const { status, stdout } = spawnSync(file, [...args], { encoding: 'utf8' });
    const version = status === 0 ? (stdout.trim().split(' ')[0] ?? '') : null;
    if (version !== null && !found.has(version)) found.set(version, file);
  }
  return [...found].map(([version, file]) => ({ file, version }));
}
