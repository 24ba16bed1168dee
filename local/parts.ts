import { join } from 'node:path';
import { whenAborted } from './asked-to-stop';
import { type Part, type RunningPart, startPart } from './supervisor';

/** The parts of one stack. They start one after another and stop in reverse order. */
export class Parts {
  private readonly running: { readonly part: RunningPart; readonly name: string; readonly where: string }[] =
    [];
  private readonly stopped = new AbortController();
  private starting: Promise<unknown> = Promise.resolve();

  /** Logs go to `<dir>/logs`. After `signal` is aborted, nothing starts any more. */
  constructor(
    private readonly dir: string,
    private readonly say: (line: string) => void,
    private readonly signal: AbortSignal,
  ) {}

  /** Aborted when the stack is not to run any longer. */
  get ending(): AbortSignal {
    return AbortSignal.any([this.signal, this.stopped.signal]);
  }

  /** Starts a part and waits until it is ready. `name` and `where` are for people. */
  async start(part: Part, name: string, where: string): Promise<RunningPart> {
    this.ending.throwIfAborted();
    const started = startPart(part, join(this.dir, 'logs'), this.say, this.ending);
    this.starting = started.then(
      (ready) => this.running.push({ part: ready, name, where }),
      () => undefined,
    );
    await this.starting;
    return started;
  }

  /** Runs `work`, which starts parts. When it fails, or the signal comes, all parts are stopped before this throws. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const interrupted = whenAborted(this.signal).then(() => Promise.reject(this.signal.reason));
    try {
      return await Promise.race([work(), interrupted]);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops what runs and what is being started. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.starting;
    while (this.running.length > 0) await this.running.pop()?.part.stop();
  }

  list(): readonly { readonly name: string; readonly where: string; readonly pid: number | undefined }[] {
    return this.running.map(({ part, name, where }) => ({ name, where, pid: part.pid() }));
  }
}
