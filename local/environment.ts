import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { awsNames, pooledRoleArn } from './aws-names';
import { takeLock } from './lock';
import { quietSdk } from './quiet-sdk.mjs';
import { readStateFile, replaceStateFile, type StateFile } from './state-file';

/** Loopback ports of one embedded stack. */
export interface Ports {
  readonly portal: number;
  readonly aws: number;
  readonly cognito: number;
  readonly postgres: number;
  readonly standby: number;
}

/** Each part that listens on a port, its name for people, and the variable that sets the port. */
export const portParts = [
  { key: 'portal', name: 'portal', variable: 'PORT', standard: 3000 },
  { key: 'aws', name: 'AWS stand-ins', variable: 'ANNEX_AWS_PORT', standard: 4566 },
  { key: 'cognito', name: 'Cognito stand-in', variable: 'ANNEX_COGNITO_PORT', standard: 4567 },
  { key: 'postgres', name: 'PostgreSQL primary', variable: 'ANNEX_PG_PORT', standard: 15432 },
  { key: 'standby', name: 'PostgreSQL hot standby', variable: 'ANNEX_PG_STANDBY_PORT', standard: 15433 },
] as const satisfies readonly { key: keyof Ports; name: string; variable: string; standard: number }[];

/** The ports that `source` sets, otherwise the standard ones. Throws a sentence when a value is not a port. */
export function portsFrom(source: Readonly<Record<string, string | undefined>>): Ports {
  const entries = portParts.map(({ key, variable, standard }) => {
    const port = Number(source[variable] ?? standard);
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new Error(`${variable}=${source[variable]} is not a port. Use a number from 1 to 65535.`);
    }
    return [key, port] as const;
  });
  return Object.fromEntries(entries) as unknown as Ports;
}

/** The absolute path of the folder where this stack keeps all its files. */
export function stateDir(source: Readonly<Record<string, string | undefined>>, root: string): string {
  return resolve(source.ANNEX_STATE_DIR ?? join(root, '.local'));
}

export interface Secrets {
  readonly nextAuthSecret: string;
  readonly cognitoClientSecret: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly portalDatabaseUrl: string;
  /** The hot standby, as the portal's role. Absent: the primary is used. */
  readonly replicaDatabaseUrl?: string;
}

/** The product's settings on an embedded stack; in production an operator sets them. */
export function productEnvironment(ports: Ports, secrets: Secrets): Record<string, string> {
  const aws = `http://localhost:${ports.aws}`;
  const cognito = `http://localhost:${ports.cognito}`;
  const portal = `http://localhost:${ports.portal}`;
  return {
    NODE_ENV: 'production',
    ANNEX_EMBEDDED: '1',
    PORT: String(ports.portal),
    HOSTNAME: 'localhost',
    NEXTAUTH_URL: portal,
    NEXTAUTH_SECRET: secrets.nextAuthSecret,
    DATABASE_URL: secrets.portalDatabaseUrl,
    DATABASE_REPLICA_URL: secrets.replicaDatabaseUrl ?? secrets.portalDatabaseUrl,
    COGNITO_ISSUER: `${cognito}/${awsNames.userPoolId}`,
    COGNITO_DOMAIN: cognito,
    COGNITO_CLIENT_ID: awsNames.clientId,
    COGNITO_CLIENT_SECRET: secrets.cognitoClientSecret,
    AWS_REGION: awsNames.region,
    AWS_ENDPOINT_URL: aws,
    AWS_ACCESS_KEY_ID: secrets.accessKeyId,
    AWS_SECRET_ACCESS_KEY: secrets.secretAccessKey,
    ANNEX_S3_PATH_STYLE: '1',
    ANNEX_WORKBENCH_TABLE: awsNames.workbenchTable,
    ANNEX_EXTRACTS_TABLE: awsNames.extractsTable,
    ANNEX_EXTRACT_JOB: awsNames.extractJob,
    ANNEX_JOBS_QUEUE_URL: `${aws}/${awsNames.portalAccountId}/${awsNames.jobsQueue}`,
    ANNEX_EVENTS_QUEUE_URL: `${aws}/${awsNames.portalAccountId}/${awsNames.eventsQueue}`,
    ANNEX_MARKETPLACE_PAGE: `${aws}/_annex/marketplace?account={account}&product={product}`,
    ANNEX_TENANT_ROLE_ARN: pooledRoleArn,
    ANNEX_TENANT_ACCOUNT_ROLE: awsNames.tenantRole,
    ANNEX_STACK_SET: awsNames.stackSet,
    ANNEX_ML_OU: awsNames.mlOu,
    ANNEX_ACCOUNT_EMAIL: 'aws+{tenant}@xyz.example',
    ANNEX_MAIL_FROM: awsNames.mailFrom,
    // The stand-in of Cost Explorer charges nothing, and nobody waits hours for a figure.
    ANNEX_BILL_SECONDS: '300',
    ANNEX_MEASURE_SECONDS: '300',
    ANNEX_STUDIO_ORIGIN: `http://${awsNames.studioHost}:${ports.aws}`,
    ...quietSdk,
  };
}

const port = z.number();
const running = z.object({
  ports: z.object({ portal: port, aws: port, cognito: port, postgres: port, standby: port }),
  environment: z.record(z.string(), z.string()),
});

/** What commands need to know about a running stack. */
export type RunningStack = Readonly<z.infer<typeof running>>;

const runningFile = (dir: string): StateFile<RunningStack> => ({
  path: join(dir, 'running.json'),
  schema: running,
  holds: 'how to reach the running Annex',
  otherwise: 'stop Annex and start it again, which writes it anew.',
});

/** Writes how to reach this stack, for other commands. Only the owner can read the file. */
export async function writeRunning(dir: string, stack: RunningStack): Promise<void> {
  await replaceStateFile(runningFile(dir), stack);
}

/** The stack that runs in `dir`, or null. Throws CannotStart when its file is damaged. */
export async function readRunning(dir: string): Promise<RunningStack | null> {
  const file = runningFile(dir);
  if (!existsSync(file.path)) return null;
  const release = await takeLock(dir);
  await release?.();
  return release ? null : readStateFile(file);
}

/** `source` without the AWS settings of the person who starts Annex, which must not mix with our keys. */
export function withoutAws(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(source).filter(([name]) => !name.startsWith('AWS_'));
  return { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), ...quietSdk };
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
