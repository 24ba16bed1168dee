import type { StandInLog } from './service';

/** Tasks that happen later; a stop drops those that have not begun and waits for those that have. */
export class Timers {
  private readonly waiting = new Set<NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();
  private stopped = false;

  constructor(private readonly log: StandInLog) {}

  later(ms: number, task: () => Promise<void>): void {
    if (this.stopped) return;
    const timer = setTimeout(() => {
      this.waiting.delete(timer);
      const run = this.run(task).finally(() => this.running.delete(run));
      this.running.add(run);
    }, ms);
    this.waiting.add(timer);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.waiting) clearTimeout(timer);
    this.waiting.clear();
    await Promise.all(this.running);
  }

  private async run(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.log.error({ err: error }, 'A scheduled task failed.');
    }
  }
}
