import { type ChildProcess, spawn } from 'node:child_process';
import { builtProgram } from './built';

/** A worker in its own process. */
export class WorkerProcess {
  private constructor(
    readonly child: ChildProcess,
    private readonly output: string[],
  ) {}

  /** Resolves once the worker receives jobs. */
  static async start(environment: Readonly<Record<string, string>>): Promise<WorkerProcess> {
    const child = spawn(process.execPath, [await builtProgram('worker')], {
      env: {
        ...process.env,
        ANNEX_SWEEP_SECONDS: '1',
        ANNEX_VISIBILITY_SECONDS: '6',
        ...environment,
        ANNEX_SERVICE: 'worker',
        LOG_LEVEL: 'info',
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const worker = new WorkerProcess(child, []);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => worker.output.push(chunk.toString()));
    }
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`The worker ended with ${code}:\n${worker.said()}`)));
    });
    return worker;
  }

  said(): string {
    return this.output.join('');
  }

  /** Ends the worker and returns its exit code; null when a signal ended it. A second call does nothing. */
  async end(how: NodeJS.Signals | 'disconnect'): Promise<number | null> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    if (how === 'disconnect') child.disconnect();
    else child.kill(how);
    return ended;
  }
}
