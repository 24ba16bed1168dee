import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue, QueueMessage } from '@/lib/aws/core/queue';
import type { Log } from '@/lib/domain/context';
import type { LaneSize } from '@/lib/domain/jobs';
import { hourMs } from '@/lib/domain/time';
import { within } from '@/lib/within';
import { Lane, type Turn } from './lanes';
import { type Outcome, outcomeOf } from './outcome';

/** The lane of a message's work, and its owner. */
export interface Place {
  readonly lane: string;
  readonly owner: string;
}

interface ConsumerOptions {
  readonly queue: Queue;
  readonly log: Log;
  /** Most messages being handled at a time, besides those in lanes. */
  readonly concurrency: number;
  /**
   * Most messages received and not finished at a time, including those in lanes. The rest stay in the queue for other workers.
   */
  readonly mostInHand?: number;
  /**
   * Lanes for long work. Messages that wait there stay hidden from other workers without another receive, and do not count
   * towards `concurrency`. A message that finds its lane full is deleted as done, so only work that is sent again may have such a
   * lane.
   */
  readonly lanes?: Readonly<Record<string, LaneSize>>;
  /** Null: no lane. */
  placeOf?(message: QueueMessage): Place | null;
  /** How long a message stays hidden from other workers without a sign of life, s. */
  readonly hiddenSeconds: number;
  /** How long a poll may continue after the order to stop, ms. */
  readonly lastPollMs?: number;
  /** How long `handle` may take, ms. After that, the message is retried, here or by another worker. */
  readonly longestMs?: number;
  /** Does the work of one message; `outcomeOf` decides what follows an error. */
  handle(message: QueueMessage): Promise<Outcome>;
}

/** Each message in hand costs a call every few seconds. */
const mostInHandUsually = 200;
/** Several times the longest transaction of a job. */
const longestMsUsually = 2 * hourMs;
const lastPollMsUsually = 2000;

export interface Consumer {
  /** Resolves after the first successful poll. */
  readonly ready: Promise<void>;
  /** Receives no more messages, waits up to `graceMs` for those in hand, and returns the rest to the queue. */
  stop(graceMs: number): Promise<void>;
}

/** Handles messages from `queue` until it is stopped. A message is deleted only when its work is done. */
export function consume(options: ConsumerOptions): Consumer {
  return new QueueConsumer(options);
}

class QueueConsumer implements Consumer {
  readonly ready: Promise<void>;
  private readonly lanes: ReadonlyMap<string, Lane>;
  private readonly leaving = new AbortController();
  private readonly hangUp = new AbortController();
  private readonly inHand = new Map<QueueMessage, Promise<void>>();
  private readonly outsideLanes = new Set<QueueMessage>();
  private readonly running: Promise<void>;
  private polls = 0;
  private failures = 0;
  private becameReady = () => {};
  private wake = () => {};

  constructor(private readonly options: ConsumerOptions) {
    const lanes = Object.entries(options.lanes ?? {});
    this.lanes = new Map(lanes.map(([name, size]) => [name, new Lane(size)]));
    this.ready = new Promise<void>((resolve) => {
      this.becameReady = resolve;
    });
    this.running = this.run();
  }

  async stop(graceMs: number): Promise<void> {
    this.leaving.abort();
    this.wake();
    const grace = sleep(graceMs, undefined, { ref: false });
    for (const lane of this.lanes.values()) lane.close();
    // Not at once: messages already on their way to this worker would stay hidden from every other.
    const patience = setTimeout(() => this.hangUp.abort(), this.options.lastPollMs ?? lastPollMsUsually);
    await this.running;
    clearTimeout(patience);
    await Promise.race([Promise.all(this.inHand.values()), grace]);
    await Promise.all([...this.inHand.keys()].map((message) => this.giveBack(message)));
  }

  private async run(): Promise<void> {
    while (!this.leaving.signal.aborted) {
      try {
        await (this.freeSlots() > 0 ? this.poll() : this.change());
      } catch (error) {
        if (this.leaving.signal.aborted) return;
        await this.pauseAfter(error);
      }
    }
  }

  private freeSlots(): number {
    const { concurrency, mostInHand = mostInHandUsually } = this.options;
    return Math.min(concurrency - this.outsideLanes.size, mostInHand - this.inHand.size);
  }

  /** One promise per wait: racing a promise that outlives the race would leave a reaction on it each time. */
  private change(): Promise<void> {
    return new Promise<void>((resolve) => {
      this.wake = resolve;
    });
  }

  private async pauseAfter(error: unknown): Promise<void> {
    this.failures += 1;
    this.options.log.warn({ err: error, failures: this.failures }, 'queue unreachable');
    const pause = Math.min(30_000, 500 * 2 ** Math.min(this.failures, 6)) * (0.5 + Math.random());
    await sleep(pause, undefined, { signal: this.leaving.signal }).catch(() => {});
  }

  private async poll(): Promise<void> {
    // The first poll returns at once, so that whoever waits for `ready` knows that the queue can be reached.
    const waitSeconds = this.polls === 0 ? 0 : 20;
    const { queue, hiddenSeconds } = this.options;
    const messages = await queue.receive({
      max: this.freeSlots(),
      waitSeconds,
      hiddenSeconds,
      signal: this.hangUp.signal,
    });
    this.polls += 1;
    this.failures = 0;
    this.becameReady();
    if (this.leaving.signal.aborted) await Promise.all(messages.map((message) => this.giveBack(message)));
    else for (const message of messages) this.take(message);
  }

  private take(message: QueueMessage): void {
    const place = this.options.placeOf?.(message) ?? null;
    const lane = place && this.lanes.get(place.lane);
    const handle = lane
      ? () => this.inTurn(lane, place.owner, message)
      : (one: QueueMessage) => this.handle(one);
    const work = carryOut(message, { ...this.options, handle }).finally(() => {
      this.inHand.delete(message);
      this.outsideLanes.delete(message);
      this.wake();
    });
    this.inHand.set(message, work);
    if (!lane) this.outsideLanes.add(message);
  }

  private handle(message: QueueMessage): Promise<Outcome> {
    return within(this.options.longestMs ?? longestMsUsually, this.options.handle(message));
  }

  private async inTurn(lane: Lane, owner: string, message: QueueMessage): Promise<Outcome> {
    let turn = await lane.enter(owner);
    while (turn.kind === 'begins') {
      let next: Promise<Turn>;
      try {
        const outcome = await this.handle(message);
        if (outcome.kind !== 'again') return outcome;
        next = lane.enter(owner, { instead: true });
      } finally {
        turn.leave();
      }
      turn = await next;
    }
    return turn.kind === 'closed' ? { kind: 'retry', inSeconds: 0, reason: null } : { kind: 'done' };
  }

  private async giveBack(message: QueueMessage): Promise<void> {
    const { queue, log } = this.options;
    log.warn({ message: message.id }, 'returning a message to the queue');
    await queue
      .hide(message, 0)
      .catch((error: unknown) => log.warn({ err: error }, 'the message could not be returned to the queue'));
  }
}

/** Does the work of one message from start to end; never throws. */
async function carryOut(
  message: QueueMessage,
  { queue, log, hiddenSeconds, handle }: Pick<ConsumerOptions, 'queue' | 'log' | 'hiddenSeconds' | 'handle'>,
): Promise<void> {
  const fields = { message: message.id, receives: message.receives };
  const heartbeat = setInterval(
    () => {
      queue.hide(message, hiddenSeconds).catch((error: unknown) => {
        log.warn(
          { ...fields, err: error },
          'message visibility could not be extended; another worker may receive it too',
        );
      });
    },
    (hiddenSeconds * 1000) / 3,
  );
  try {
    const outcome = await handle(message).catch((error: unknown) => {
      const result = outcomeOf(error, message.receives);
      log.error({ ...fields, err: error, outcome: result.kind }, 'message handling failed');
      return result;
    });
    clearInterval(heartbeat);
    await applyOutcome(message, outcome, queue);
  } catch (error) {
    log.warn({ ...fields, err: error }, 'message could not be settled; it will be delivered again');
  } finally {
    clearInterval(heartbeat);
  }
}

async function applyOutcome(message: QueueMessage, outcome: Outcome, queue: Queue): Promise<void> {
  switch (outcome.kind) {
    case 'done':
      return queue.delete(message);
    case 'again':
      return queue.hide(message, 0);
    case 'retry': {
      // SQS would move it there, too, but without the reason.
      const last = outcome.reason !== null && (await queue.isLastReceive(message));
      if (last && (await queue.bury(message, `${outcome.reason}`))) return;
      return queue.hide(message, outcome.inSeconds);
    }
    case 'bury':
      // Without a dead-letter queue the message stays in this queue, so that nothing is lost unseen.
      if (!(await queue.bury(message, outcome.reason))) await queue.hide(message, 300);
  }
}
