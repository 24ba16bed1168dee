import { join } from 'node:path';
import { readPortalCredentials } from './aws/iam/portal-credentials';
import { awsNames } from './aws-names';
import { portalArguments, productBuild } from './build';
import { readClientSecret } from './cognito/secrets';
import { type Ports, productEnvironment, type RunningStack, writeRunning } from './environment';
import { recordMade } from './made';
import { migrate } from './migrate';
import { nextAuthSecret } from './nextauth-secret';
import { Parts } from './parts';
import { seedDemo } from './seed/seed';
import type { Part } from './supervisor';

interface StackOptions {
  readonly root: string;
  readonly dir: string;
  readonly ports: Ports;
  say(line: string): void;
  /** Aborted when the user stops the start early. */
  readonly signal: AbortSignal;
}

/** Starts everything that the portal needs, then the portal. `stop` ends them in reverse order. */
export async function startStack({ root, dir, ports, say, signal }: StackOptions) {
  const parts = new Parts(dir, say, signal);
  const stack = await parts.during(async () => {
    const build = productBuild(root, say, parts.ending);
    build.catch(() => {});
    const postgres = await parts.start(
      postgresPart(root, dir, ports),
      'PostgreSQL',
      `localhost:${ports.postgres}, standby :${ports.standby}`,
    );
    const urls = postgres.hello as {
      ownerUrl: string;
      portalUrl: string;
      standbyUrl: string;
      jobUrl: string;
    };
    await migrate(urls.ownerUrl);
    await parts.start(
      awsPart(root, dir, ports, urls.jobUrl),
      'AWS and Cognito',
      `http://localhost:${ports.aws}, :${ports.cognito}`,
    );
    const environment = productEnvironment(ports, {
      nextAuthSecret: await nextAuthSecret(dir),
      cognitoClientSecret: await readClientSecret(dir),
      ...(await readPortalCredentials(dir)),
      portalDatabaseUrl: urls.portalUrl,
      replicaDatabaseUrl: urls.standbyUrl,
    });
    const running: RunningStack = { ports, environment };
    const built = await build;
    await parts.start(workerPart(built, environment), 'worker', 'processes jobs from SQS');
    await parts.start(portalPart(built, environment, ports), 'portal', `http://localhost:${ports.portal}`);
    await recordMade(dir);
    await writeRunning(dir, running);
    await seedDemo(
      dir,
      running,
      [join(built, 'dist', 'crm-import.mjs')],
      process.env.ANNEX_DEMO_PASSWORD ?? awsNames.demoPassword,
      root,
    );
    return running;
  });
  return { stack, stop: () => parts.stop(), parts: () => parts.list() };
}

const tsx = ['--import', 'tsx'] as const;

/** Both database servers. */
export function postgresPart(root: string, dir: string, ports: Pick<Ports, 'postgres' | 'standby'>): Part {
  return {
    name: 'postgres',
    args: [...tsx, join(root, 'local/postgres/main.ts')],
    env: {
      ANNEX_STATE_DIR: dir,
      ANNEX_PG_PORT: String(ports.postgres),
      ANNEX_PG_STANDBY_PORT: String(ports.standby),
    },
    cwd: root,
    ready: 'ipc',
    readyWithinMs: 60_000,
    // Two servers; each may take three signals of 15 s.
    stopWithinMs: 100_000,
  };
}

/** The AWS stand-ins, and Cognito's. */
export function awsPart(
  root: string,
  dir: string,
  ports: Pick<Ports, 'aws' | 'cognito' | 'portal'>,
  replicaUrl: string,
): Part {
  return {
    name: 'aws',
    args: [...tsx, join(root, 'local/aws/main.ts')],
    env: {
      ANNEX_STATE_DIR: dir,
      ANNEX_AWS_PORT: String(ports.aws),
      ANNEX_COGNITO_PORT: String(ports.cognito),
      ANNEX_URL: `http://localhost:${ports.portal}`,
      ANNEX_REPLICA_URL: replicaUrl,
    },
    cwd: root,
    ready: 'ipc',
    readyWithinMs: 120_000,
    stopWithinMs: 10_000,
  };
}

function workerPart(built: string, environment: Record<string, string>): Part {
  return {
    name: 'worker',
    args: [join(built, 'dist/worker.mjs')],
    env: environment,
    cwd: built,
    ready: 'ipc',
    readyWithinMs: 120_000,
    stopWithinMs: 30_000,
  };
}

function portalPart(built: string, environment: Record<string, string>, ports: Ports): Part {
  return {
    name: 'portal',
    args: portalArguments(built),
    env: environment,
    cwd: join(built, 'portal'),
    ready: { url: `http://localhost:${ports.portal}/api/health` },
    readyWithinMs: 120_000,
    stopWithinMs: 10_000,
  };
}
