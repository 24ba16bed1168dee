import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { emptyNetwork } from './network-namespace';
import { createReaper } from './reaper';

/** What a program may touch. Everything else is forbidden to it: other files, child processes, worker threads, addons. */
export interface ProgramRights {
  /** Existing files and folders, with what is in them. */
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  /** Most memory of JavaScript objects, MB. */
  readonly heapMb: number;
  /**
   * No network but for a socket on a free port of loopback, which it gets with its first message and takes connections from. Where the
   * system has no network namespaces for us (`core/network-namespace.ts`), the program itself has to see to the rest.
   */
  readonly isolated?: boolean;
}

/** Our own programs that work on what a tenant sent, each run in a process without rights. */
export interface Programs {
  /**
   * Starts the program, an entry file in TypeScript, and sends it `input` as its first message. Nothing of this
   * process's environment reaches it, and `label`, for a list of processes, is all that it has as arguments: what a
   * tenant sent arrives as data only. It ends with this process.
   */
  start(
    entry: string,
    input: object,
    rights: ProgramRights,
    label?: readonly string[],
  ): Promise<ChildProcess>;
}

/** Bundles `entry` into `outfile`, an ES module that needs no other file. */
export async function bundleProgram(entry: string, outfile: string): Promise<string> {
  await mkdir(dirname(outfile), { recursive: true });
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    logLevel: 'silent',
    external: ['pg-native'],
    // CommonJS dependencies call require() for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return realpath(outfile);
}

/** Makes the programs of one service. Each is bundled into `dir` at its first start. */
export function createPrograms(dir: string): Programs {
  const reaper = createReaper();
  const bundles = new Map<string, Promise<string>>();
  const bundled = (entry: string): Promise<string> => {
    const name = `${basename(dirname(entry))}.mjs`;
    const bundle = bundles.get(entry) ?? bundleProgram(entry, join(dir, name));
    bundles.set(entry, bundle);
    bundle.catch(() => bundles.delete(entry));
    return bundle;
  };
  return {
    async start(entry, input, rights, label = []) {
      const program = await bundled(entry);
      const listener = rights.isolated ? await listening() : undefined;
      const network = (rights.isolated && (await emptyNetwork())) || [];
      const [file = process.execPath, ...args] = [
        ...[...network, process.execPath, ...restrictions(program, rights), program, ...label],
      ];
      const child = spawn(file, args, {
        cwd: dir,
        env: { NODE_ENV: 'production' },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      reaper.watch(child);
      // Whoever watches the process learns from its end that it was not reached.
      child.send(input, listener, () => listener?.close());
      return child;
    },
  };
}

/** A socket for a program: only that one takes its connections. */
function listening(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

/** The last message of a program that runs to its end, which an abort of `signal` brings about; null without one. */
export async function lastMessage<T>(child: ChildProcess, signal: AbortSignal): Promise<T | null> {
  const messages: T[] = [];
  child.on('message', (message: unknown) => messages.push(message as T));
  // The exit can come before the last message: the channel closes after it.
  const silent = new Promise((resolve) => child.once('disconnect', resolve));
  const closed = new Promise((resolve) => child.once('close', resolve));
  const failed = new Promise((resolve) => child.once('error', resolve));
  const kill = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill();
  await Promise.race([Promise.all([silent, closed]), failed]);
  signal.removeEventListener('abort', kill);
  return messages.at(-1) ?? null;
}

const known = process.allowedNodeEnvironmentFlags;

/**
 * Node's options that give the bundled `program` these rights alone, by its permission model
 * (nodejs.org/api/permissions.html), whose flag has two names in the versions that we support.
 */
export function restrictions(
  program: string,
  { read = [], write = [], heapMb }: ProgramRights,
): readonly string[] {
  return [
    known.has('--permission') ? '--permission' : '--experimental-permission',
    // Newer versions forbid the network, too. A model server listens on it.
    ...(known.has('--allow-net') ? ['--allow-net'] : []),
    ...[program, ...read].map((path) => `--allow-fs-read=${realpathSync(path)}`),
    ...write.map((path) => `--allow-fs-write=${realpathSync(path)}`),
    `--max-old-space-size=${heapMb}`,
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
  ];
}
