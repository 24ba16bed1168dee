import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, stat, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { CannotStart } from '../cannot-start';
import { listenerOn, named } from '../processes';
import type { Binaries, RunAs } from './binaries';
import { connected } from './connected';
import { explainLog, explainRefusal } from './explain';
import { recordOwner, stopLeftover } from './leftover';

export interface ServerOptions {
  /** `primary` or `standby`, for messages. */
  readonly name: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly port: number;
  /** The variable that sets another port. */
  readonly portVariable: string;
  readonly settings: Readonly<Record<string, string>>;
  /** A connection to this URL succeeds once the server is up. */
  readonly probeUrl: string;
  readonly binaries: Binaries;
  readonly runAs: RunAs;
  /** Aborted to give up the start. */
  readonly signal?: AbortSignal | undefined;
}

const startDeadlineMs = 90_000;
const stopDeadlineMs = 15_000;
/** Once the parent is gone, this process has 4 s (`exit-with-parent.mjs`) for three signals to both servers. */
const hurriedDeadlineMs = 900;
const largestLogBytes = 8 * 1024 * 1024;

/** One running `postgres`. */
export interface Server {
  readonly pid: number;
  /** Resolves when the process has ended for any reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts `postgres` on a data directory and waits until it responds to a query. Otherwise throws a sentence that says
 * what to do: port taken, disk full, directory not accessible, or the last lines of the server's log. Throws the reason
 * of `signal` when that is aborted. No server is left when it throws.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  await stopLeftover(options.dataDir, options.name);
  await requirePort(options);
  options.signal?.throwIfAborted();
  const { child, ended, logStart } = await spawnPostgres(options);
  await recordOwner(options.dataDir);
  const server: Server = { pid: child.pid ?? 0, ended, stop: () => stopProcess(child, ended) };
  try {
    await waitUntilItAnswers(options, ended, logStart);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function spawnPostgres(
  options: ServerOptions,
): Promise<{ readonly child: ChildProcess; readonly ended: Promise<void>; readonly logStart: number }> {
  const size = await stat(options.logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > largestLogBytes) await truncate(options.logFile);
  const log = await open(options.logFile, 'a', 0o600);
  try {
    // What earlier starts complained about is not this one's reason.
    const { size: logStart } = await log.stat();
    const settings = Object.entries(options.settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    // Its own process group: Ctrl-C in the terminal must not stop the database before the processes that use it.
    const { launcher, ids } = options.runAs;
    const server = [
      options.binaries.postgres,
      '-D',
      options.dataDir,
      '-p',
      String(options.port),
      ...settings,
    ];
    const [file = '', ...args] = [...launcher, ...server];
    const child = spawn(file, args, {
      ...ids,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
    // At once: a server whose files are missing ends within milliseconds.
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.on('error', () => resolve());
    });
    return { child, ended, logStart };
  } finally {
    await log.close();
  }
}

async function waitUntilItAnswers(
  options: ServerOptions,
  ended: Promise<void>,
  logStart: number,
): Promise<void> {
  let running = true;
  void ended.then(() => {
    running = false;
  });
  const deadline = Date.now() + startDeadlineMs;
  while (running && Date.now() < deadline) {
    options.signal?.throwIfAborted();
    if (await answers(options)) return;
    await Promise.race([delay(20), ended]);
  }
  const log = await readFile(options.logFile).catch(() => Buffer.alloc(0));
  throw explainLog(options, log.subarray(logStart).toString());
}

async function answers({ probeUrl, dataDir }: ServerOptions): Promise<boolean> {
  try {
    await connected({ connectionString: probeUrl, connectionTimeoutMillis: 2_000 }, (client) =>
      client.query('select 1'),
    );
    return true;
  } catch (error) {
    const refusal = explainRefusal(dataDir, error);
    if (refusal) throw refusal;
    return false;
  }
}

/** SIGINT is PostgreSQL's fast shutdown: it ends the sessions and writes a checkpoint. */
async function stopProcess(child: ChildProcess, ended: Promise<void>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    const done = new AbortController();
    const inTime = await Promise.race([ended.then(() => true), patience(done.signal).then(() => false)]);
    done.abort();
    if (inTime) return;
  }
}

/** How long a server may take to stop: there is little time left when this process's parent is gone. */
async function patience(signal: AbortSignal): Promise<void> {
  const parentGone =
    process.connected === false ? Promise.resolve() : once(process, 'disconnect', { signal });
  const hurried = parentGone.then(() => delay(hurriedDeadlineMs, undefined, { signal }));
  await Promise.race([delay(stopDeadlineMs, undefined, { signal }), hurried]).catch(() => undefined);
}

async function requirePort(options: ServerOptions): Promise<void> {
  const probe = createServer();
  probe.listen(options.port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
    if (code === 'EADDRINUSE') {
      const user = await listenerOn(options.port);
      throw new CannotStart(
        `Port ${options.port} for the PostgreSQL ${options.name} is used by ${user ? named(user) : 'another program'}. Stop it, or set ${options.portVariable} to a free port.`,
      );
    }
    throw new CannotStart(
      `Port ${options.port} for the PostgreSQL ${options.name} cannot be used (${code}). Set ${options.portVariable} to another port.`,
    );
  }
  probe.close();
  await once(probe, 'close');
}
