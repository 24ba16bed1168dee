import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Programs } from '@/local/aws/core/programs';
import { PartLog } from '@/local/part-log';
import type { ModelServerMessage, ModelServerOrder } from './model-server/main';

/** A container to run in a process of its own. */
export interface HostedSpec extends ModelServerOrder {
  readonly endpointName: string;
  readonly variantName: string;
  /** Folder for `process.json` (`pid`, `port`) and `log`. */
  readonly workDir: string;
  /** How long it may take until `/ping` answers, ms. */
  readonly startupMs: number;
  /** Whether the container has no network. */
  readonly networkIsolation: boolean;
}

export interface HostedEvents {
  /** A reason that forbids starting a process now, or null. */
  forbid(): string | null;
  usage(cpu: number, memoryBytes: number): void;
  log(fields: object, message: string): void;
}

/** Room for the largest model that JSON can be parsed of. */
const heapMb = 2048;
const maxLogBytes = 2_000_000;
const restartDelaysMs = [500, 1000, 2000, 5000];
const stopWithinMs = 2000;
/** A process that has run this long starts again without delay when it ends. */
const steadyMs = 60_000;

type State = 'starting' | 'up' | 'down';

/** One hosted container: started, watched, and started again whenever it ends. */
export class HostedProcess {
  private child: ChildProcess | null = null;
  private state: State = 'down';
  private boundPort = 0;
  private failures = 0;
  private held = false;
  private ended = false;
  private timer: NodeJS.Timeout | null = null;
  private launching: Promise<void> | null = null;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly programs: Programs,
    private readonly spec: HostedSpec,
    private readonly events: HostedEvents,
  ) {}

  /** Port on loopback while the container answers, else null. */
  get port(): number | null {
    return this.state === 'up' ? this.boundPort : null;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves true once the container answers `/ping`, false when it has ended or `ms` have passed before. */
  async waitUntilDecided(ms: number): Promise<boolean> {
    if (this.state !== 'starting') return this.state === 'up';
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      const { waiting } = this;
      function done(): void {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      }
      waiting.add(done);
    });
    return this.port !== null;
  }

  /** Starts it; from here on it is kept running. */
  launch(): Promise<void> {
    this.launching ??= this.launchOnce().finally(() => {
      this.launching = null;
    });
    return this.launching;
  }

  private async launchOnce(): Promise<void> {
    if (this.ended || this.held || this.child) return;
    this.timer = null;
    this.state = 'starting';
    const startedAt = Date.now();
    const forbidden = this.events.forbid();
    if (forbidden !== null) return this.gone(forbidden, startedAt);
    const child = await this.spawn().catch((error: unknown) => {
      this.events.log({ err: error }, 'The process of a model could not be started.');
      return null;
    });
    if (!child) return this.gone('it could not be started', startedAt);
    this.child = child;
    const limit = setTimeout(() => child.kill('SIGKILL'), this.spec.startupMs);
    child.on('message', (message) => this.hear(child, message as ModelServerMessage, limit));
    child.once('error', (error) =>
      this.events.log({ err: error }, 'The process of a model could not be started.'),
    );
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      if (this.child === child) this.child = null;
      this.gone(String(signal ?? `exit ${code}`), startedAt);
    });
  }

  /** Ends the process and keeps it down until `resume`. */
  async hold(): Promise<void> {
    this.held = true;
    await this.kill();
  }

  async resume(): Promise<void> {
    this.held = false;
    this.failures = 0;
    if (this.timer) clearTimeout(this.timer);
    await this.launch();
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.ended = true;
    if (this.timer) clearTimeout(this.timer);
    await this.kill();
    this.setState('down');
  }

  private async spawn(): Promise<ChildProcess> {
    const { endpointName, variantName, workDir, container, options, modelDir, environment } = this.spec;
    const { networkIsolation: isolated } = this.spec;
    await mkdir(workDir, { recursive: true });
    const order: ModelServerOrder = { container, options, modelDir, environment };
    const child = await this.programs.start(
      join(import.meta.dirname, 'model-server', 'main.ts'),
      order,
      { read: container === 'testing-container' ? [] : [modelDir], heapMb, isolated },
      [`--endpoint=${endpointName}`, `--variant=${variantName}`],
    );
    // Each invocation that fails writes to it.
    const limit = new PartLog(join(workDir, 'log'), maxLogBytes);
    const log = createWriteStream(join(workDir, 'log'), { flags: 'a' });
    log.on('error', (error) => this.events.log({ err: error }, 'The log of a model cannot be written.'));
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.once('close', () => {
      limit.close();
      log.end();
    });
    return child;
  }

  private hear(child: ChildProcess, message: ModelServerMessage, limit: NodeJS.Timeout): void {
    if (message.kind === 'usage') {
      this.events.usage(message.cpu, message.memoryBytes);
      return;
    }
    this.ping(child, message.port)
      .then((answered) => {
        if (!answered) return void child.kill('SIGKILL');
        clearTimeout(limit);
        this.boundPort = message.port;
        this.setState('up');
        this.events.log({ endpoint: this.spec.endpointName, pid: child.pid }, 'A model is up.');
      })
      .catch((error: unknown) => this.events.log({ err: error }, 'A model could not be pinged.'));
  }

  private async ping(child: ChildProcess, port: number): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${port}/ping`, {
      signal: AbortSignal.timeout(this.spec.startupMs),
    }).catch(() => null);
    await answer?.body?.cancel();
    if (!answer?.ok || this.child !== child) return false;
    const file = join(this.spec.workDir, 'process.json');
    await writeFile(file, JSON.stringify({ pid: child.pid, port }));
    return this.child === child;
  }

  private gone(how: string, startedAt: number): void {
    const steady = this.state === 'up' && Date.now() - startedAt > steadyMs;
    this.failures = steady ? 0 : this.failures + 1;
    this.setState('down');
    rm(join(this.spec.workDir, 'process.json'), { force: true }).catch(() => undefined);
    if (this.ended || this.held) return;
    const delay = restartDelaysMs[Math.min(this.failures - 1, restartDelaysMs.length - 1)] ?? 0;
    this.events.log(
      { endpoint: this.spec.endpointName, how, delay },
      'The process of a model ended; it starts again.',
    );
    this.timer = setTimeout(() => {
      this.launch().catch((error: unknown) =>
        this.events.log({ err: error }, 'A model could not be started.'),
      );
    }, delay);
  }

  private setState(state: State): void {
    this.state = state;
    for (const done of [...this.waiting]) done();
  }

  private async kill(): Promise<void> {
    await this.launching;
    const { child } = this;
    if (!child?.pid) return;
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    await closed;
    clearTimeout(timer);
  }
}
