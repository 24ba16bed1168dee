import type { Queue, QueueMessage } from '@/lib/aws/core/queue';
import { AnnexError } from '@/lib/errors';

/** How often a message may be received before the queue itself moves it to the dead letters. */
export const maxReceives = 10;

/** A queue in memory that records what happens to its messages. */
export class FakeQueue implements Queue {
  readonly done: string[] = [];
  readonly asked: number[] = [];
  private readonly waiting: QueueMessage[] = [];
  private wake = () => {};
  faults = 0;
  /** How often each message that is put has been received when it is received next. */
  receives = 1;

  constructor(private readonly deadLetters = true) {}

  put(...bodies: string[]): void {
    for (const body of bodies) {
      const times = { sentAt: new Date(0), firstReceivedAt: new Date(1000) };
      this.waiting.push({ id: body, body, receipt: body, receives: this.receives, ...times });
    }
    this.wake();
  }

  async receive({ max, waitSeconds, signal }: Parameters<Queue['receive']>[0]): Promise<QueueMessage[]> {
    if (this.faults-- > 0) throw new AnnexError('dependency_failed', 'no queue');
    this.asked.push(max);
    if (this.waiting.length === 0 && waitSeconds > 0) {
      await new Promise<void>((resolve, reject) => {
        this.wake = resolve;
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    }
    return this.waiting.splice(0, max);
  }

  async delete({ id }: QueueMessage): Promise<void> {
    this.done.push(`delete ${id}`);
  }

  async hide({ id }: QueueMessage, seconds: number): Promise<void> {
    this.done.push(`hide ${id} ${seconds}`);
  }

  async isLastReceive({ receives }: QueueMessage): Promise<boolean> {
    return this.deadLetters && receives >= maxReceives;
  }

  async bury({ id }: QueueMessage, reason: string): Promise<boolean> {
    if (this.deadLetters) this.done.push(`bury ${id} ${reason}`);
    return this.deadLetters;
  }
}
