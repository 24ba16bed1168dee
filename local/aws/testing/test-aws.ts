import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { awsNames, externalId, pooledRoleArn, siloRoleArn, tenantBucket } from '@/local/aws-names';
import { freePort } from '@/local/free-port';
import type { StandInLog } from '../core/service';
import { doctorRole, tenantAccountRole } from '../iam/policies';
import { type KeyPair, readPortalCredentials } from '../iam/portal-credentials';
import type { TestBehaviour } from '../sagemaker/hosting/model-server/testing-container';
import { type AwsOptions, type RunningStandIn, startAws } from '../server';
import { hostTestModel, type TestModel } from './test-model';

/** Keys that a client signs with: the portal's long-lived ones, or those of a session. */
export interface Keys extends KeyPair {
  readonly sessionToken?: string;
}

/** An AWS for one test file: the stand-ins with a port and state of their own. */
export interface TestAws {
  readonly dir: string;
  /** `http://localhost:<port>`; a restart keeps it. */
  readonly origin: string;
  /** Where Studio's pages are; see `studioFetch`. */
  readonly studioOrigin: string;
  /** The stand-in that runs now, for what AWS does behind the scenes. */
  readonly standIn: RunningStandIn;
  readonly portal: Keys;
  /** Lines that were logged as warnings or errors. */
  readonly warnings: { fields: object; message: string }[];
  /** Gives `tenantId` its role and its bucket in `accountId`, as the baseline does; returns the bucket's name. */
  vend(tenantId: string, accountId: string): Promise<string>;
  /** Hosts a model that behaves as asked; see `hostTestModel`. */
  hostModel(
    accountId: string,
    endpointName: string,
    behaviour?: TestBehaviour,
    configName?: string,
    networkIsolation?: boolean,
  ): Promise<TestModel>;
  /** Makes the next `times` things (1) at `point` fail: `account.vend`, `baseline.fail`, `request`, `answer`, … */
  fault(
    point: string,
    subject: string,
    how?: {
      readonly times?: number | null;
      readonly message?: string;
      readonly rate?: number;
      readonly tenant?: string;
    },
  ): Promise<void>;
  /** Takes back the faults that have not happened. */
  clearFaults(): Promise<void>;
  /** Stops, and starts again on the same state and port. */
  restart(): Promise<void>;
  /** Stops it and empties `dir`, unless its state is kept for another one. */
  stop(options?: { readonly keepState?: boolean }): Promise<void>;
}

/** What a client needs: where AWS answers, and the keys to sign with. */
export type AwsAccess = Pick<TestAws, 'origin' | 'portal'>;

/** Starts one on a free port. `stepMs` (5) is the length of one asynchronous step. */
export async function startTestAws({
  stepMs = 5,
  ...more
}: Partial<Pick<AwsOptions, 'cognito' | 'replicaUrl' | 'stepMs'>> = {}): Promise<TestAws> {
  const dir = await mkdtemp(join(tmpdir(), 'annex-aws-'));
  const warnings: TestAws['warnings'] = [];
  const keep = (fields: object, message: string) => void warnings.push({ fields, message });
  const log: StandInLog = { info: () => undefined, warn: keep, error: keep };
  const port = await freePort();
  const start = () => startAws({ ...more, dir, port, stepMs, log });
  let running = await start();
  const faults = `${running.origin}/_annex/faults`;
  return {
    dir,
    origin: running.origin,
    studioOrigin: running.standIn.studioOrigin,
    get standIn() {
      return running.standIn;
    },
    portal: await readPortalCredentials(dir),
    warnings,
    async vend(tenantId, accountId) {
      const bucket = tenantBucket(tenantId, accountId);
      await running.standIn.services.iam.putRole(tenantAccountRole(tenantId, accountId));
      await running.standIn.services.iam.putRole(doctorRole(accountId));
      await running.standIn.services.s3.createBucket(accountId, bucket);
      return bucket;
    },
    hostModel: (...asked) => hostTestModel(running.standIn, ...asked),
    async fault(point, subject, { message = 'Asked for by a test.', ...how } = {}) {
      const body = JSON.stringify({ ...how, point, subject, message });
      const answer = await fetch(faults, { method: 'POST', body });
      if (!answer.ok) throw new Error(`The fault was not taken: ${answer.status}`);
    },
    clearFaults: async () => void (await fetch(faults, { method: 'DELETE' })),
    async restart() {
      await running.stop();
      running = await start();
    },
    async stop({ keepState = false } = {}) {
      await running.stop();
      if (!keepState) await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Settings that every SDK client of a test takes. One attempt: a refusal is to be seen, not waited for. */
export function clientConfig(aws: AwsAccess, keys: Keys) {
  return { region: awsNames.region, endpoint: aws.origin, credentials: keys, maxAttempts: 1 };
}

export const s3Client = (aws: AwsAccess, keys: Keys) =>
  new S3Client({ ...clientConfig(aws, keys), forcePathStyle: true });
export const sqsClient = (aws: AwsAccess, keys: Keys) => new SQSClient(clientConfig(aws, keys));
export const dynamoClient = (aws: AwsAccess, keys: Keys) => new DynamoDBClient(clientConfig(aws, keys));
export const stsClient = (aws: AwsAccess, keys: Keys) => new STSClient(clientConfig(aws, keys));

/** Keys of a tenant's session: in its own account, or of the pooled role without `accountId`. */
export async function tenantKeys(aws: AwsAccess, tenantId: string, accountId?: string): Promise<Keys> {
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
export function toolEnvironment(aws: AwsAccess, keys: Keys): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(kept),
    NODE_ENV: 'test',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    ...(keys.sessionToken ? { AWS_SESSION_TOKEN: keys.sessionToken } : {}),
    AWS_REGION: awsNames.region,
    AWS_DEFAULT_REGION: awsNames.region,
    AWS_ENDPOINT_URL: aws.origin,
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
