import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { quietSdk } from '../../quiet-sdk.mjs';
import type { StandInLog } from '../core/service';
import type { RunnerOrder, RunnerReport } from './runner/messages';

/** A run of the job's program. */
export interface Runner {
  /** Asks it to stop and take back what it wrote; it is killed when it does not. */
  stop(): void;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** How a run's program ended; null when it was cut off without a last word. */
export type RunnerEnd = Exclude<RunnerReport, { kind: 'running' }> | null;

export interface Runners {
  /** Starts a program. `onRunning` and then `onEnd` are called at most once each, never before this returns. */
  start(order: RunnerOrder, onRunning: () => void, onEnd: (end: RunnerEnd) => void): Runner;
  /** Ends what waits for work. */
  close(): void;
}

const stopWithinMs = 10_000;

/**
 * Runs the extract job's program in processes of their own. The program is bundled into `dir` at the first use, and from
 * then on one process waits for an order, as Glue keeps workers warm: a start would take longer than many an extract.
 */
export function createRunners(dir: string, log: StandInLog): Runners {
  let bundled: Promise<string> | null = null;
  let spare: ChildProcess | null = null;
  let closed = false;
  const script = (): Promise<string> => {
    bundled ??= bundle(dir);
    bundled.catch(() => {
      bundled = null;
    });
    return bundled;
  };
  const keepSpare = (file: string): void => {
    if (closed || spare) return;
    const child = launch(file);
    spare = child;
    const gone = () => {
      if (spare === child) spare = null;
    };
    child.once('error', gone).once('exit', gone);
  };
  const take = (file: string): ChildProcess => {
    const child = spare ?? launch(file);
    spare = null;
    return child;
  };
  return {
    close() {
      closed = true;
      spare?.kill('SIGKILL');
    },
    start(order, onRunning, onEnd) {
      let child: ChildProcess | null = null;
      let wanted: NodeJS.Signals | null = null;
      const ended = script()
        .then((file) => {
          if (wanted) return null;
          child = take(file);
          return follow(child, order, onRunning, log).finally(() => keepSpare(file));
        })
        .catch((error: unknown): RunnerEnd => {
          log.error({ err: error }, 'The extract job could not be started.');
          return null;
        });
      ended.then(onEnd);
      return {
        stop() {
          wanted ??= 'SIGTERM';
          child?.kill('SIGTERM');
          const timer = setTimeout(() => child?.kill('SIGKILL'), stopWithinMs);
          ended.finally(() => clearTimeout(timer));
        },
        async kill() {
          wanted = 'SIGKILL';
          child?.kill('SIGKILL');
          await ended;
        },
      };
    },
  };
}

async function bundle(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  const outfile = join(dir, 'extract-runner.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'runner', 'main.ts')],
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
  return outfile;
}

function launch(file: string): ChildProcess {
  const { PATH, HOME, TMPDIR } = process.env;
  const kept = Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value !== undefined);
  return spawn(process.execPath, ['--enable-source-maps', file], {
    // Nothing of this process's settings; the order, with its keys, goes over IPC.
    env: {
      ...Object.fromEntries(kept),
      NODE_ENV: 'production',
      ...quietSdk,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

function follow(
  child: ChildProcess,
  order: RunnerOrder,
  onRunning: () => void,
  log: StandInLog,
): Promise<RunnerEnd> {
  const requestId = order.arguments['--request_id'];
  let end: RunnerEnd = null;
  child.on('message', (report: RunnerReport) => {
    if (report.kind === 'running') onRunning();
    else end = report;
    if (report.kind === 'succeeded') log.info({ requestId, ...report }, 'An extract was written.');
    if (report.kind === 'failed') log.warn({ requestId, ...report }, 'A run of the extract job failed.');
  });
  child.stderr?.on('data', (text: Buffer) => log.warn({ requestId }, text.toString().slice(0, 2000)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // The exit can be heard before the last word: the channel closes after it.
    const closed = new Promise((done) => child.once('close', done));
    const silent = new Promise((done) => child.once('disconnect', done));
    Promise.all([closed, silent]).then(() => resolve(end));
    child.send(order, (error) => {
      // Its exit says more.
      if (error) log.warn({ requestId, err: error }, 'The extract job did not take its order.');
    });
  });
}
