import { randomBytes } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createPrograms } from '../core/programs';
import { AwsError, type StandIn } from '../core/service';
import type { CodeStore } from './code';
import { Environment } from './environment';
import { type FunctionRecord, type FunctionStore, functionArn } from './record';
import { createRuntimeApi } from './runtime-api';

/** An environment with what is known of it besides. */
export interface Hold {
  readonly environment: Environment;
  readonly revisionId: string;
  /** The stream of its log. */
  readonly stream: string;
}

/** The execution environments of all functions. */
export interface Environments {
  /**
   * An environment that serves nothing else until it is released; a warm one if there is one. Throws
   * TooManyRequestsException when the function or its account has as many invocations as it may.
   */
  acquire(fn: FunctionRecord): Promise<Hold>;
  release(fn: FunctionRecord, hold: Hold): void;
  /** How many invocations of the function run now. */
  running(fn: FunctionRecord): number;
  /** Ends the idle environments of a function that was changed or deleted. */
  retire(fn: FunctionRecord): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Lambda's principal, which assumes the role of a function. */
export const lambdaPrincipal = 'lambda.amazonaws.com';

/** Lambda's quota of an account. */
const accountConcurrency = 1000;
const initMs = 10_000;
/** Before the keys of its role's session expire. */
const maxAgeMs = 45 * 60_000;

interface Pool {
  idle: Hold[];
  busy: number;
}

export function createEnvironments(
  standIn: StandIn,
  functions: FunctionStore,
  code: CodeStore,
  { dir, idleMs }: { readonly dir: string; readonly idleMs: number },
): Environments {
  const programs = createPrograms(join(dir, 'programs'));
  const api = createRuntimeApi();
  const pools = new Map<string, Pool>();
  const all = new Set<Environment>();
  let stopped = false;

  const poolOf = ({ accountId, name }: FunctionRecord): Pool => {
    const key = `${accountId}/${name}`;
    const pool = pools.get(key) ?? { idle: [], busy: 0 };
    pools.set(key, pool);
    return pool;
  };

  async function checkConcurrency(fn: FunctionRecord, { busy }: Pool): Promise<void> {
    const others = (await functions.list(fn.accountId)).filter(({ name }) => name !== fn.name);
    const kept = others.reduce((sum, { reserved }) => sum + (reserved ?? 0), 0);
    const used = others
      .filter(({ reserved }) => reserved === null)
      .reduce((sum, each) => sum + poolOf(each).busy, 0);
    const limit = fn.reserved ?? accountConcurrency - kept - used;
    if (busy <= limit) return;
    const Reason =
      fn.reserved === null
        ? 'ConcurrentInvocationLimitExceeded'
        : 'ReservedFunctionConcurrentInvocationLimitExceeded';
    throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason, Type: 'User' });
  }

  async function make(fn: FunctionRecord): Promise<Hold> {
    const taskRoot = code.path(fn.code);
    if (taskRoot === null)
      throw new AwsError('InvalidZipFileException', 'Lambda could not unzip the deployment package.', 502);
    const temporary = await mkdtemp(join(dir, 'tmp', `${fn.name.slice(0, 20)}-`));
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    const stream = `${day}/[$LATEST]${randomBytes(16).toString('hex')}`;
    const read = [realpathSync(taskRoot), temporary, join(dir, 'node_modules'), installed()];
    const environment = new Environment(programs, api, {
      taskRoot: realpathSync(taskRoot),
      handler: fn.handler,
      environment: { ...(await variablesOf(standIn, fn, taskRoot, stream)), TMPDIR: temporary },
      rights: { read, write: [temporary], heapMb: fn.memory },
      label: `--function=${functionArn(standIn, fn.accountId, fn.name)}`,
      initMs,
    });
    all.add(environment);
    void environment.ended.then(async () => {
      all.delete(environment);
      await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    });
    return { environment, revisionId: fn.revisionId, stream };
  }

  function warm(pool: Pool, fn: FunctionRecord): Hold | undefined {
    for (;;) {
      const hold = pool.idle.pop();
      if (!hold) return undefined;
      const { environment, revisionId } = hold;
      const age = performance.now() - environment.startedAt;
      if (environment.alive && revisionId === fn.revisionId && age < maxAgeMs) return hold;
      void environment.end();
    }
  }

  return {
    async acquire(fn) {
      if (stopped) throw new AwsError('ServiceException', 'The service is stopping.', 500);
      const pool = poolOf(fn);
      pool.busy += 1;
      try {
        await checkConcurrency(fn, pool);
        return warm(pool, fn) ?? (await make(fn));
      } catch (error) {
        pool.busy -= 1;
        throw error;
      }
    },
    release(fn, hold) {
      const pool = poolOf(fn);
      pool.busy -= 1;
      const { environment } = hold;
      if (!environment.alive || stopped) return void environment.end();
      pool.idle.push(hold);
      setTimeout(() => {
        if (!pool.idle.includes(hold) || environment.idleMs() < idleMs) return;
        pool.idle = pool.idle.filter((each) => each !== hold);
        void environment.end();
      }, idleMs + 10).unref();
    },
    running: (fn) => poolOf(fn).busy,
    async retire(fn) {
      await Promise.all(
        poolOf(fn)
          .idle.splice(0)
          .map(({ environment }) => environment.end()),
      );
    },
    async start() {
      await rm(join(dir, 'tmp'), { recursive: true, force: true });
      await mkdir(join(dir, 'tmp'), { recursive: true });
      await layer(dir);
      await api.start();
    },
    async stop() {
      stopped = true;
      await Promise.all([...all].map((environment) => environment.end()));
      await api.stop();
    },
  };
}

/** The installed packages of this project. */
const installed = (): string => join(import.meta.dirname, '..', '..', '..', 'node_modules');

/** The AWS SDK, which the runtime brings along: it lies above the code, where Node looks for packages. */
async function layer(dir: string): Promise<void> {
  const modules = join(dir, 'node_modules');
  await rm(modules, { recursive: true, force: true });
  await mkdir(modules, { recursive: true });
  for (const scope of ['@aws-sdk', '@smithy']) {
    const from = join(installed(), scope);
    if (existsSync(from)) await symlink(from, join(modules, scope));
  }
}

async function variablesOf(
  standIn: StandIn,
  fn: FunctionRecord,
  taskRoot: string,
  stream: string,
): Promise<Readonly<Record<string, string>>> {
  const session = await standIn.services.sts.assumeForService(lambdaPrincipal, fn.role, fn.name).catch(() => {
    throw new AwsError(
      'AccessDeniedException',
      'The role defined for the function cannot be assumed by Lambda.',
      403,
    );
  });
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...fn.variables,
    _HANDLER: fn.handler,
    LAMBDA_TASK_ROOT: taskRoot,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memory),
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: stream,
    AWS_REGION: standIn.region,
    AWS_DEFAULT_REGION: standIn.region,
    AWS_ENDPOINT_URL: standIn.origin,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
  };
}
