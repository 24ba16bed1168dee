import { closeSync, copyFileSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';

const mostBytesUsually = 20_000_000;
const checkMs = 30_000;

/**
 * The output of a part: a file that begins anew when it has grown to `mostBytes`. What it held until then is in `<file>.1`.
 */
export class PartLog {
  private readonly timer: NodeJS.Timeout;
  private begun: number;

  constructor(
    private readonly file: string,
    private readonly mostBytes = mostBytesUsually,
  ) {
    this.begun = this.size();
    this.limit();
    this.timer = setInterval(() => this.limit(), checkMs).unref();
  }

  /** Runs `use` with a descriptor that appends to the file, for a process that inherits it. */
  append<T>(use: (descriptor: number) => T): T {
    // A file instead of a pipe: a part that outlives the supervisor for a moment can still write while it ends.
    const descriptor = openSync(this.file, 'a', 0o600);
    try {
      return use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** The last lines since the supervisor began. */
  lastLines(): string {
    return readFileSync(this.file).subarray(this.begun).toString().trim().split('\n').slice(-12).join('\n');
  }

  /** Begins the file anew if it is too long. Whoever appends to it goes on at its start. */
  limit(): void {
    if (this.size() < this.mostBytes) return;
    copyFileSync(this.file, `${this.file}.1`);
    truncateSync(this.file);
    this.begun = 0;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private size(): number {
    return statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
  }
}
