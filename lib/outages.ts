import { oneInProcess } from './one-in-process';

interface Outage {
  readonly sinceMs: number;
  failures: number;
  /** When the latest failure came, in the order of all that `watch` saw. */
  latest: number;
}

interface OutageLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

const reported = oneInProcess('reported-failures', () => new WeakSet<object>());

/** Whether `error`, or one of its causes, is a failure of a dependency whose outage is in the log already. */
export function isReported(error: unknown): boolean {
  for (let one = error, depth = 0; one instanceof Error && depth < 8; one = one.cause, depth += 1) {
    if (reported.has(one)) return true;
  }
  return false;
}

/**
 * Reports each outage of a dependency with two lines, however much fails meanwhile: one for the first failure, and one for the
 * first success afterwards. The log leaves out other lines about these failures, see `lib/log.ts`.
 */
export class Outages {
  private readonly current = new Map<string, Outage>();
  private order = 0;

  constructor(
    private readonly log: OutageLog,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * What `work` comes to, which needs `dependency`. `isOutage` tells errors of a dependency that cannot be reached from others,
   * which say nothing about it. `dependency` is one of few names, as the log shows them.
   */
  async watch<T>(
    dependency: string,
    isOutage: (error: unknown) => boolean,
    work: () => Promise<T>,
  ): Promise<T> {
    const begun = this.next();
    try {
      const result = await work();
      this.answered(dependency, begun);
      return result;
    } catch (error) {
      if (isOutage(error)) this.failed(dependency, error);
      throw error;
    }
  }

  /** `error` says that `dependency` cannot be reached. Counts an error once. */
  failed(dependency: string, error: unknown): void {
    if (isReported(error)) return;
    const outage = this.current.get(dependency) ?? { sinceMs: this.now(), failures: 0, latest: 0 };
    if (outage.failures === 0) {
      this.current.set(dependency, outage);
      this.log.warn(
        { dependency, reason: reasonOf(error) },
        `${dependency} cannot be reached; more failures are counted until it answers again`,
      );
    }
    outage.failures += 1;
    outage.latest = this.next();
    if (error instanceof Error) reported.add(error);
  }

  /** `dependency` answered what was asked of it at `begun`, now if left out. */
  answered(dependency: string, begun = this.next()): void {
    const outage = this.current.get(dependency);
    // Work that began before the latest failure may have been answered before it, too.
    if (!outage || begun < outage.latest) return;
    this.current.delete(dependency);
    const seconds = Math.round((this.now() - outage.sinceMs) / 1000);
    const { failures } = outage;
    this.log.info(
      { dependency, seconds, failures },
      `${dependency} reachable again after ${seconds} s; ${failures} ${failures === 1 ? 'failure' : 'failures'}`,
    );
  }

  private next(): number {
    this.order += 1;
    return this.order;
  }
}

/** In words, and without a stack: all failures of an outage look alike. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { readonly code?: unknown };
  // The error of several refused addresses has no message of its own.
  return error.message.trim() || (typeof code === 'string' ? code : error.name);
}
