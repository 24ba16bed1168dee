import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CannotStart, cannotStartCode } from './cannot-start';
import { withoutAws } from './environment';
import { PartLog } from './part-log';

/** One process of a stack. */
export interface Part {
  readonly name: string;
  /** Node's arguments: the script and the options before it. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The part is ready after its first message (`ipc`) or when a URL responds with 2xx. */
  readonly ready: 'ipc' | { readonly url: string };
  readonly readyWithinMs: number;
  /** Milliseconds that it may take to stop after SIGTERM before it is killed. */
  readonly stopWithinMs: number;
}

export interface RunningPart {
  readonly name: string;
  pid(): number | undefined;
  /** The message that the part sent when it became ready. */
  readonly hello: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** Node's option for whatever is to end with the process that started it over IPC. */
export const exitWithParent = `--import=${pathToFileURL(join(import.meta.dirname, 'exit-with-parent.mjs'))}`;
/** Whether a process is a part of some Annex, or something else that ends with its parent. */
export const isPart = ({ command }: { readonly command: string }): boolean =>
  command.includes('exit-with-parent.mjs');

/** Runs Node with `args` and collects what it prints. Rejects with `failure` and the end of that when it fails. It ends with this process. */
export async function runNode(
  args: readonly string[],
  {
    failure,
    input,
    ...options
  }: Pick<SpawnOptions, 'cwd' | 'env' | 'signal'> & {
    readonly failure: string;
    /** For its standard input; none when missing. */
    readonly input?: string;
  },
): Promise<void> {
  const child = spawn(process.execPath, [exitWithParent, ...args], {
    ...options,
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said = (said + chunk).slice(-6000)));
  // It may end before it has read everything: its exit says why.
  child.stdin?.on('error', () => undefined).end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${failure}:\n${said}`);
}

const restartDelaysMs = [200, 1000, 3000, 10_000];

/**
 * Starts a part and waits until it is ready. Restarts it whenever it ends by itself. Writes its output to
 * `<logDir>/<name>.log`. Throws when the part does not become ready, and when `signal` is aborted before it is; the part has
 * ended then. That is a CannotStart with the last line of the output if the part gave that as its reason; otherwise an error
 * with the last lines.
 */
export async function startPart(
  part: Part,
  logDir: string,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<RunningPart> {
  mkdirSync(logDir, { recursive: true });
  const log = new PartLog(join(logDir, `${part.name}.log`));
  let child: ChildProcess;
  let ready = false;
  let stopping = false;
  let restarts = 0;

  const launch = () => {
    child = log.append((descriptor) =>
      spawn(process.execPath, [exitWithParent, ...part.args], {
        cwd: part.cwd,
        env: { ...withoutAws(process.env), ...part.env },
        stdio: ['ignore', descriptor, descriptor, 'ipc'],
        // Its own process group: Ctrl-C reaches only the supervisor, which then stops the parts in order.
        detached: true,
      }),
    );
    const startedAt = Date.now();
    const ended = (why: string) => {
      // Who waits for it to become ready learns of its end there.
      if (!ready || stopping) return;
      if (Date.now() - startedAt > 60_000) restarts = 0;
      const delay = restartDelaysMs[Math.min(restarts, restartDelaysMs.length - 1)] ?? 10_000;
      restarts += 1;
      say(`${part.name} stopped (${why}); restarting it in ${delay / 1000} s`);
      setTimeout(() => !stopping && launch(), delay).unref();
    };
    child.once('error', (error) => child.pid === undefined && ended(error.message));
    child.once('exit', (code, by) => ended(by ?? `exit ${code}: ${log.lastLines().split('\n').at(-1)}`));
    return child;
  };

  const first = launch();
  const hello = await whenReady(part, first, () => log.lastLines(), signal).catch(async (error: unknown) => {
    stopping = true;
    await end(first, part.stopWithinMs);
    log.close();
    throw error;
  });
  ready = true;
  return {
    name: part.name,
    pid: () => child.pid,
    hello,
    stop: async () => {
      stopping = true;
      await end(child, part.stopWithinMs);
      log.close();
    },
  };
}

async function whenReady(
  part: Part,
  child: ChildProcess,
  output: () => string,
  signal: AbortSignal | undefined,
): Promise<Record<string, unknown>> {
  const abort = new AbortController();
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) =>
      reject(
        code === cannotStartCode
          ? new CannotStart(output().split('\n').at(-1))
          : new Error(`${part.name} stopped before it was ready (${by ?? `exit ${code}`}):\n${output()}`),
      ),
    );
    const interrupted = () => reject(signal?.reason);
    if (signal?.aborted) interrupted();
    signal?.addEventListener('abort', interrupted, { once: true, signal: abort.signal });
    const timer = setTimeout(
      () =>
        reject(new Error(`${part.name} was not ready within ${part.readyWithinMs / 1000} s:\n${output()}`)),
      part.readyWithinMs,
    );
    abort.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  const ready =
    part.ready === 'ipc'
      ? new Promise<Record<string, unknown>>((resolve) =>
          child.once('message', (message) => resolve(message as Record<string, unknown>)),
        )
      : answers(part.ready.url, abort.signal).then(() => ({}));
  try {
    return await Promise.race([ready, failed]);
  } finally {
    abort.abort();
  }
}

/** Resolves once `url` responds with 2xx. */
async function answers(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function end(child: ChildProcess, withinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
  await gone;
  clearTimeout(timer);
}
