import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPortalCredentials } from './aws/iam/portal-credentials';
import { awsNames } from './aws-names';
import { productBuild } from './build';
import { readClientSecret } from './cognito/secrets';
import { type Ports, productEnvironment, type RunningStack, writeRunning } from './environment';
import { migrate } from './migrate';
import { seedDemo } from './seed/seed';
import { type Part, type RunningPart, startPart } from './supervisor';

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
  const running: { part: RunningPart; label: string; where: string }[] = [];
  const failed = new AbortController();
  const stop = async () => {
    failed.abort();
    while (running.length > 0) await running.pop()?.part.stop();
  };
  const start = async (part: Part, label: string, where: string) => {
    signal.throwIfAborted();
    const started = await startPart(part, join(dir, 'logs'), say);
    running.push({ part: started, label, where });
    return started;
  };
  const bringUp = async () => {
    const build = productBuild(root, say, AbortSignal.any([signal, failed.signal]));
    build.catch(() => {});
    const postgres = await start(
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
    await start(
      awsPart(root, dir, ports, urls.jobUrl),
      'AWS and Cognito',
      `http://localhost:${ports.aws}, :${ports.cognito}`,
    );
    const environment = productEnvironment(ports, {
      nextAuthSecret: await keptSecret(dir, 'nextauth-secret'),
      cognitoClientSecret: await readClientSecret(dir),
      ...(await readPortalCredentials(dir)),
      portalDatabaseUrl: urls.portalUrl,
      replicaDatabaseUrl: urls.standbyUrl,
    });
    const stack: RunningStack = { ports, environment };
    const built = await build;
    await start(workerPart(root, built, environment), 'worker', 'processes jobs from SQS');
    await start(portalPart(root, built, environment, ports), 'portal', `http://localhost:${ports.portal}`);
    await writeRunning(dir, stack);
    await seedDemo(
      dir,
      stack,
      [join(built, 'dist', 'crm-import.mjs')],
      process.env.ANNEX_DEMO_PASSWORD ?? awsNames.demoPassword,
      root,
    );
    return {
      stack,
      stop,
      parts: () => running.map(({ part, label, where }) => ({ name: label, where, pid: part.pid() })),
    };
  };
  try {
    // A part that is still starting when the user stops ends together with this process.
    return await Promise.race([bringUp(), aborted(signal)]);
  } catch (error) {
    await stop();
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
}

const tsx = ['--import', 'tsx'] as const;

function postgresPart(root: string, dir: string, ports: Ports): Part {
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

function awsPart(root: string, dir: string, ports: Ports, replicaUrl: string): Part {
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

function workerPart(root: string, built: string, environment: Record<string, string>): Part {
  return {
    name: 'worker',
    args: ['--import', join(root, 'local/exit-with-parent.mjs'), join(built, 'dist/worker.mjs')],
    env: environment,
    cwd: built,
    ready: 'ipc',
    readyWithinMs: 120_000,
    stopWithinMs: 30_000,
  };
}

function portalPart(root: string, built: string, environment: Record<string, string>, ports: Ports): Part {
  return {
    name: 'portal',
    args: ['--import', join(root, 'local/exit-with-parent.mjs'), join(built, 'portal/portal.mjs')],
    env: environment,
    cwd: join(built, 'portal'),
    ready: { url: `http://localhost:${ports.portal}/api/health` },
    readyWithinMs: 120_000,
    stopWithinMs: 10_000,
  };
}

/** A random secret, created once per state folder. */
async function keptSecret(dir: string, name: string): Promise<string> {
  await mkdir(join(dir, 'secrets'), { recursive: true, mode: 0o700 });
  const file = join(dir, 'secrets', name);
  await writeFile(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  return readFile(file, 'utf8');
}
