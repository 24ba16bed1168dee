import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { ProgramRights, Programs } from '../core/programs';
import type { RuntimeOrder } from './runtime/main';
import type { RuntimeApi, RuntimeListener } from './runtime-api';

/** One event for a function. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: Buffer;
  readonly functionArn: string;
}

/** A line that a function wrote, with its time in ms since the epoch. */
export interface LogLine {
  readonly at: number;
  readonly message: string;
}

/** How an invocation ended. */
export interface Ending {
  readonly end: 'response' | 'error' | 'timeout' | 'exit';
  /** What the runtime sent: the response, or the description of an error; empty at a timeout or an exit. */
  readonly body: Buffer;
  /** Why the process ended, e.g. `exit status 1`; empty otherwise. */
  readonly how: string;
  readonly durationMs: number;
  /** Length of the initialization, if this invocation brought it about; else null. */
  readonly initMs: number | null;
  readonly maxRssKb: number;
  readonly lines: readonly LogLine[];
}

export interface EnvironmentSpec {
  readonly taskRoot: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly rights: ProgramRights;
  readonly label: string;
  /** How long loading the handler may take, ms. */
  readonly initMs: number;
}

/** Most bytes of log that an invocation keeps. */
const maxLogBytes = 2 * 1024 * 1024;
const maxLineLength = 256 * 1024;
const markWithinMs = 1000;

type Report = Pick<Ending, 'end' | 'body' | 'how'>;

/** One execution environment: a process that serves one invocation at a time. */
export class Environment {
  readonly startedAt = performance.now();
  private child: ChildProcess | null = null;
  private waiting: ServerResponse | null = null;
  private initMs: number | null = null;
  private maxRssKb = 0;
  private lines: LogLine[] = [];
  private logBytes = 0;
  /** Called with what decides the running phase: a waiting runtime, an answer, or the end of the process. */
  private decide: ((report: Report | 'ready') => void) | null = null;
  private marked: (() => void) | null = null;
  private readonly mark = `\0${randomBytes(12).toString('hex')} `;
  private readonly registered: ReturnType<RuntimeApi['register']>;
  /** Resolves once the process has ended, or was not begun and never will be. */
  readonly ended: Promise<void>;
  private idleSince = performance.now();
  private endGone: () => void = () => undefined;
  private how: string | null = null;

  constructor(
    private readonly programs: Programs,
    api: RuntimeApi,
    private readonly spec: EnvironmentSpec,
  ) {
    this.registered = api.register(this.listener());
    this.ended = new Promise((resolve) => {
      this.endGone = resolve;
    });
  }

  /** Whether it can serve another invocation. */
  get alive(): boolean {
    return this.how === null;
  }

  /** How long it has served nothing, ms. */
  idleMs(): number {
    return performance.now() - this.idleSince;
  }

  /** Serves one event within `timeoutMs`, which begins once the handler is loaded. Never rejects. */
  async invoke(invocation: Invocation, timeoutMs: number): Promise<Ending> {
    this.lines = [];
    this.logBytes = 0;
    const first = this.child === null;
    if (first) await this.start();
    const begun = performance.now();
    const ready = await this.phase(this.waiting ? 'ready' : null, this.spec.initMs);
    if (first) this.initMs = performance.now() - this.startedAt;
    const handed = performance.now();
    if (ready !== 'ready') return this.ending(ready, first ? this.startedAt : begun, null);
    const report = await this.serve(invocation, timeoutMs);
    return this.ending(report, handed, first ? this.initMs : null);
  }

  /** Ends the process. */
  async end(): Promise<void> {
    this.how ??= 'signal: killed';
    this.child?.kill('SIGKILL');
    if (this.child) await this.ended;
    else this.endGone();
    this.registered.forget();
  }

  private async serve({ requestId, payload, functionArn }: Invocation, timeoutMs: number): Promise<Report> {
    const answer = this.waiting;
    this.waiting = null;
    const logged = new Promise<void>((resolve) => {
      this.marked = resolve;
    });
    const decided = this.phase(null, timeoutMs);
    answer?.writeHead(200, {
      'content-type': 'application/json',
      connection: 'close',
      'lambda-runtime-aws-request-id': requestId,
      'lambda-runtime-deadline-ms': String(Date.now() + timeoutMs),
      'lambda-runtime-invoked-function-arn': functionArn,
      'lambda-runtime-trace-id': `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')};Sampled=0`,
    });
    answer?.end(payload);
    const report = await decided;
    // Its lines come on another way than its answer.
    if (report !== 'ready' && report.how === '' && report.end !== 'timeout')
      await Promise.race([
        logged,
        this.ended,
        new Promise((resolve) => setTimeout(resolve, markWithinMs).unref()),
      ]);
    this.marked = null;
    return report === 'ready' ? exited('the runtime asked for another event') : report;
  }

  /** Waits for what decides a phase; `known` is what is known already. */
  private async phase(known: 'ready' | null, limitMs: number): Promise<Report | 'ready'> {
    if (known) return known;
    if (this.how !== null) return exited(this.how);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.decide?.({ end: 'timeout', body: Buffer.alloc(0), how: '' });
        void this.end();
      }, limitMs);
      this.decide = (report) => {
        clearTimeout(timer);
        this.decide = null;
        resolve(report);
      };
    });
  }

  private ending(report: Report, since: number, initMs: number | null): Ending {
    const durationMs = performance.now() - since;
    const { lines, maxRssKb } = this;
    this.lines = [];
    this.idleSince = performance.now();
    return { ...report, durationMs, initMs, maxRssKb, lines };
  }

  private async start(): Promise<void> {
    const { taskRoot, handler, environment, rights, label } = this.spec;
    const order: RuntimeOrder = {
      taskRoot,
      handler,
      environment: { ...environment, AWS_LAMBDA_RUNTIME_API: this.registered.address },
      mark: this.mark,
    };
    const entry = join(import.meta.dirname, 'runtime', 'main.ts');
    try {
      const child = await this.programs.start(entry, order, rights, [label]);
      this.child = child;
      for (const stream of [child.stdout, child.stderr]) if (stream) this.read(stream);
      child.once('error', () => this.closed('it could not be started'));
      child.once('close', (code, signal) =>
        this.closed(
          signal ? `signal: ${signalWords[signal] ?? signal}` : code === 0 ? '' : `exit status ${code}`,
        ),
      );
      if (this.how !== null) child.kill('SIGKILL');
    } catch {
      this.closed('it could not be started');
    }
  }

  private closed(how: string): void {
    this.how ??= how;
    this.registered.forget();
    this.decide?.(exited(how));
    this.endGone();
  }

  private read(stream: Readable): void {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    stream.on('data', (chunk: Buffer) => {
      const [last = '', ...lines] = (rest + decoder.write(chunk)).split('\n').reverse();
      for (const line of lines.reverse()) this.hear(line);
      rest = last;
      if (rest.length < maxLineLength) return;
      this.hear(rest);
      rest = '';
    });
    stream.once('end', () => {
      if (rest !== '') this.hear(rest);
    });
  }

  private hear(line: string): void {
    if (line.startsWith(this.mark)) {
      this.marked?.();
      return;
    }
    this.logBytes += line.length;
    if (this.logBytes > maxLogBytes) return;
    this.lines.push({ at: Date.now(), message: line.replaceAll('\r', '\n') });
  }

  private listener(): RuntimeListener {
    const report = (end: 'response' | 'error') => (_: string, body: Buffer, maxRssKb: number) => {
      this.maxRssKb = maxRssKb;
      this.decide?.({ end, body, how: '' });
    };
    return {
      next: (answer) => {
        this.waiting = answer;
        this.decide?.('ready');
      },
      response: report('response'),
      error: report('error'),
      initError: (body) => {
        this.decide?.({ end: 'error', body, how: '' });
        void this.end();
      },
    };
  }
}

const signalWords: Readonly<Record<string, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
};
const exited = (how: string): Report => ({ end: 'exit', body: Buffer.alloc(0), how });
