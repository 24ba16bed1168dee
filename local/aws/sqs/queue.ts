import { randomBytes, randomUUID } from 'node:crypto';
import type { Change, DurableState } from '../core/state';
import { parseRedrive, type QueueAttributes, type RedrivePolicy, standardAttributes } from './attributes';
import type { MessageAttribute } from './md5';

/** The stored record of a queue. */
export interface QueueRecord {
  readonly name: string;
  readonly attributes: QueueAttributes;
  /** Epoch seconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** A message; times are epoch milliseconds. */
export interface Message {
  /** Position in the queue; its key in the state. */
  readonly seq: string;
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly senderId: string;
  readonly sentAt: number;
  /** For a message in a dead-letter queue: the queue that it came from. */
  readonly sourceArn?: string;
  visibleAt: number;
  receives: number;
  firstReceivedAt: number | null;
  /** Secret part of the newest receipt handle; null before the first receipt. */
  receipt: string | null;
}

export type NewMessage = Pick<Message, 'body' | 'attributes' | 'senderId'> & {
  readonly delaySeconds?: number;
};

/** The name of the collection that holds the messages of `queue`. */
export const messagesOf = (queue: string): string => `sqs-messages:${queue}`;

/** One queue. It responds from memory; each change is on disk before the response. */
export class Queue {
  private readonly messages = new Map<string, Message>();
  private readonly waiting = new Set<() => void>();
  /** Incremented whenever a message may have become visible. */
  private changes = 0;

  constructor(
    public record: QueueRecord,
    readonly arn: string,
    private readonly state: DurableState,
    /** Finds the dead-letter queue, for messages that were received too often. */
    private readonly deadLetter: (arn: string) => Queue | undefined,
  ) {}

  async load(): Promise<void> {
    for (const [seq, message] of await this.state.list<Message>(messagesOf(this.record.name))) {
      this.messages.set(seq, message);
    }
  }

  attribute(name: string): number {
    return Number(this.record.attributes[name] ?? standardAttributes[name]);
  }

  get redrive(): RedrivePolicy | null {
    return parseRedrive(this.record.attributes.RedrivePolicy);
  }

  counts(now = Date.now()): {
    readonly visible: number;
    readonly inFlight: number;
    readonly delayed: number;
  } {
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const message of this.messages.values()) {
      if (message.visibleAt <= now) counts.visible += 1;
      else if (message.receipt !== null) counts.inFlight += 1;
      else counts.delayed += 1;
    }
    return counts;
  }

  /** The age of the oldest message that is not deleted, s; 0 without messages. */
  oldestSeconds(now = Date.now()): number {
    let oldest = now;
    for (const { sentAt } of this.messages.values()) oldest = Math.min(oldest, sentAt);
    return Math.floor((now - oldest) / 1000);
  }

  async send(given: NewMessage): Promise<Message> {
    const now = Date.now();
    const message: Message = {
      seq: nextSeq(now),
      id: randomUUID(),
      body: given.body,
      attributes: given.attributes,
      senderId: given.senderId,
      sentAt: now,
      visibleAt: now + (given.delaySeconds ?? this.attribute('DelaySeconds')) * 1000,
      receives: 0,
      firstReceivedAt: null,
      receipt: null,
    };
    await this.state.write([this.change(message)]);
    this.admit([message]);
    return message;
  }

  /** Up to `max` messages, hidden for `visibilitySeconds`; waits up to `waitSeconds` for the first. */
  async receive(
    max: number,
    visibilitySeconds: number,
    waitSeconds: number,
    signal: AbortSignal,
  ): Promise<readonly Message[]> {
    const deadline = Date.now() + waitSeconds * 1000;
    while (!signal.aborted) {
      const before = this.changes;
      const taken = await this.take(max, visibilitySeconds);
      if (taken.length > 0 && signal.aborted) await this.giveBack(taken);
      else if (taken.length > 0 || Date.now() >= deadline) return taken;
      else if (before === this.changes)
        await this.whenChanged(Math.min(deadline, this.nextVisibleAt()), signal);
    }
    return [];
  }

  /** Makes messages visible again when their client disconnected while it received them. */
  private async giveBack(taken: readonly Message[]): Promise<void> {
    for (const { seq, receipt } of taken) {
      const message = this.messages.get(seq);
      if (message && message.receipt === receipt) await this.hideFor(message, 0);
    }
  }

  private async take(max: number, visibilitySeconds: number): Promise<readonly Message[]> {
    const now = Date.now();
    const redrive = this.redrive;
    const target = redrive ? this.deadLetter(redrive.deadLetterTargetArn) : undefined;
    const expiredBefore = now - this.attribute('MessageRetentionPeriod') * 1000;
    const taken: Message[] = [];
    const changes: Change[] = [];
    const moved: Message[] = [];
    for (const message of this.messages.values()) {
      if (taken.length >= max) break;
      if (message.visibleAt > now) continue;
      if (message.sentAt <= expiredBefore) changes.push(this.drop(message));
      else if (redrive && target && message.receives >= redrive.maxReceiveCount) {
        const dead = target.adopted(message, this.arn);
        changes.push(this.drop(message), target.change(dead));
        moved.push(dead);
      } else {
        message.receives += 1;
        message.firstReceivedAt ??= now;
        message.visibleAt = now + visibilitySeconds * 1000;
        message.receipt = randomBytes(12).toString('hex');
        changes.push(this.change(message));
        taken.push(structuredClone(message));
      }
    }
    if (changes.length > 0) await this.state.write(changes);
    target?.admit(moved);
    return taken;
  }

  /** The message of a receipt handle. `current` is false when it was received again or is gone. */
  find(seq: string, receipt: string): { readonly message: Message | undefined; readonly current: boolean } {
    const message = this.messages.get(seq);
    return { message, current: message !== undefined && message.receipt === receipt };
  }

  async delete(message: Message): Promise<void> {
    await this.state.write([this.drop(message)]);
  }

  async hideFor(message: Message, seconds: number): Promise<void> {
    message.visibleAt = Date.now() + seconds * 1000;
    await this.state.write([this.change(message)]);
    this.wake();
  }

  async purge(): Promise<void> {
    await this.state.write([...this.messages.values()].map((message) => this.drop(message)));
  }

  /** Moves every visible message to its source queue, or to `destination`. Returns how many. */
  async moveBack(destination: (sourceArn: string | undefined) => Queue | undefined): Promise<number> {
    const now = Date.now();
    let count = 0;
    for (const message of [...this.messages.values()]) {
      const target = destination(message.sourceArn);
      if (message.visibleAt > now || !target || target === this) continue;
      // A redriven message counts as new (SQS developer guide, dead-letter queue redrive).
      const back = target.adopted({ ...message, id: randomUUID(), sentAt: now });
      await this.state.write([this.drop(message), target.change(back)]);
      target.admit([back]);
      count += 1;
    }
    return count;
  }

  private adopted(message: Message, sourceArn?: string): Message {
    const { sourceArn: _, ...rest } = message;
    const now = Date.now();
    return {
      ...rest,
      ...(sourceArn === undefined ? {} : { sourceArn }),
      seq: nextSeq(now),
      visibleAt: now,
      receives: 0,
      firstReceivedAt: null,
      receipt: null,
    };
  }

  private change(message: Message): Change {
    return { type: 'put', collection: messagesOf(this.record.name), key: message.seq, value: { ...message } };
  }

  private drop(message: Message): Change {
    this.messages.delete(message.seq);
    return { type: 'del', collection: messagesOf(this.record.name), key: message.seq };
  }

  private admit(messages: readonly Message[]): void {
    for (const message of messages) this.messages.set(message.seq, message);
    this.wake();
  }

  private nextVisibleAt(): number {
    const now = Date.now();
    let next = Number.POSITIVE_INFINITY;
    for (const { visibleAt } of this.messages.values())
      if (visibleAt > now && visibleAt < next) next = visibleAt;
    return next;
  }

  private wake(): void {
    this.changes += 1;
    for (const resume of [...this.waiting]) resume();
  }

  private whenChanged(until: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const resume = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', resume);
        this.waiting.delete(resume);
        resolve();
      };
      const timer = setTimeout(resume, Math.max(0, until - Date.now()));
      signal.addEventListener('abort', resume, { once: true });
      this.waiting.add(resume);
      if (signal.aborted) resume();
    });
  }
}

let lastMs = 0;
let inMs = 0;

/** Increases with every message, even across restarts. */
function nextSeq(now: number): string {
  inMs = now > lastMs ? 0 : inMs + 1;
  lastMs = Math.max(now, lastMs);
  return `${String(lastMs).padStart(15, '0')}-${String(inMs).padStart(9, '0')}`;
}
