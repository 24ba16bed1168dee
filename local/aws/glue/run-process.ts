import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { quietSdk } from '../../quiet-sdk.mjs';
import { bundleProgram, restrictions } from '../core/programs';
import type { StandInLog } from '../core/service';
import type { RunOrder, RunReport } from './runner/messages';

/** The process of one run. */
export interface RunProcess {
  /** Asks it to stop and to remove what it wrote; kills it when it does not within ten seconds. */
  stop(): void;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** How a run's program ended; null when it ended without a report. */
export type RunEnd = Exclude<RunReport, { kind: 'running' }> | null;

export interface RunLauncher {
  /** Starts a program. `onRunning` and then `onEnd` are called at most once each, never before this returns. */
  start(order: RunOrder, onRunning: () => void, onEnd: (end: RunEnd) => void): RunProcess;
  /** Ends the process that waits for the next run. */
  close(): void;
}

const stopWithinMs = 10_000;
const heapMb = 2048;

/**
 * Runs the extract job's program, each run in its own process. The program is bundled into `dir` at the first use. From
 * then on one process waits for the next order, as Glue keeps workers warm: starting one takes longer than many extracts.
 */
export function createRunLauncher(dir: string, log: StandInLog): RunLauncher {
  let bundled: Promise<string> | null = null;
  let spare: ChildProcess | null = null;
  let closed = false;
  const script = (): Promise<string> => {
    bundled ??= bundleProgram(
      join(import.meta.dirname, 'runner', 'main.ts'),
      join(dir, 'extract-runner.mjs'),
    );
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
        .catch((error: unknown): RunEnd => {
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

function launch(file: string): ChildProcess {
  // It works on what a tenant asks for and needs the network alone, as the programs of SageMaker do.
  return spawn(process.execPath, [...restrictions(file, { heapMb }), '--enable-source-maps', file], {
    // Nothing of this process's settings; the order, with its keys, goes over IPC.
    env: { NODE_ENV: 'production', ...quietSdk },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

function follow(
  child: ChildProcess,
  order: RunOrder,
  onRunning: () => void,
  log: StandInLog,
): Promise<RunEnd> {
  const requestId = order.arguments['--request_id'];
  let end: RunEnd = null;
  child.on('message', (report: RunReport) => {
    if (report.kind === 'running') onRunning();
    else end = report;
    if (report.kind === 'succeeded') log.info({ requestId, ...report }, 'Extract written.');
    if (report.kind === 'failed') log.warn({ requestId, ...report }, 'Extract run failed.');
  });
  child.stderr?.on('data', (text: Buffer) => log.warn({ requestId }, text.toString().slice(0, 2000)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // The exit can arrive before the last report: the channel closes after it.
    const closed = new Promise((done) => child.once('close', done));
    const silent = new Promise((done) => child.once('disconnect', done));
    Promise.all([closed, silent]).then(() => resolve(end));
    child.send(order, (error) => {
      // How the process exits says more.
      if (error) log.warn({ requestId, err: error }, 'The process of a run could not be told what to do.');
    });
  });
}
