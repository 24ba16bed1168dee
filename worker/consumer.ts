import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue, QueueMessage } from '@/lib/aws/core/queue';
import type { Log } from '@/lib/domain/context';
import { within } from '@/lib/within';
import { Lane, type LaneSize, type Turn } from './lanes';
import { type Outcome, outcomeOf } from './outcome';

/** Which lane a message's work takes, and whose it is. */
export interface Place {
  readonly lane: string;
  readonly owner: string;
}

interface ConsumerOptions {
  readonly queue: Queue;
  readonly log: Log;
  /** Messages in hand at a time, beside those in lanes. */
  readonly concurrency: number;
  /** Messages in hand at a time, with those in lanes. The rest stays in the queue, where other workers see it. */
  readonly mostInHand?: number;
  /**
   * Lanes for what takes long. What waits there stays hidden from others, without another receive, and takes no place of
   * `concurrency`. What finds a lane full is let go as done: only work that is asked for again may have such a lane.
   */
  readonly lanes?: Readonly<Record<string, LaneSize>>;
  /** Null: no lane. */
  placeOf?(message: QueueMessage): Place | null;
  /** How long a message stays ours without a sign of life, s. */
  readonly hiddenSeconds: number;
  /** How long a poll may go on after the order to stop, ms. */
  readonly lastPollMs?: number;
  /** How long `handle` may take, ms. What never ends is tried again, here or by another worker. */
  readonly longestMs?: number;
  /** Does the work of one message; throwing leaves it to `outcomeOf`. */
  handle(message: QueueMessage): Promise<Outcome>;
}

/** Each in hand costs a call every few seconds. */
const mostInHandUsually = 200;
/** Several times the longest transaction of a job. */
const longestMsUsually = 2 * 60 * 60_000;

export interface Consumer {
  /** Resolves after the first poll that was answered. */
  readonly ready: Promise<void>;
  /** Takes no more messages, waits up to `graceMs` for those in hand, and gives back the rest. */
  stop(graceMs: number): Promise<void>;
}

/** Takes messages from `queue` until it is stopped. A message is deleted when its work is done, and only then. */
export function consume(options: ConsumerOptions): Consumer {
  const { queue, log, concurrency, hiddenSeconds, lastPollMs = 2000, placeOf = () => null } = options;
  const { mostInHand = mostInHandUsually, longestMs = longestMsUsually } = options;
  const lanes = new Map(Object.entries(options.lanes ?? {}).map(([name, size]) => [name, new Lane(size)]));
  const leaving = new AbortController();
  const hangUp = new AbortController();
  const inHand = new Map<QueueMessage, Promise<void>>();
  const outsideLanes = new Set<QueueMessage>();
  let polls = 0;
  let failures = 0;
  let becameReady = () => {};
  const ready = new Promise<void>((resolve) => {
    becameReady = resolve;
  });

  const room = () => Math.min(concurrency - outsideLanes.size, mostInHand - inHand.size);
  const handle = (message: QueueMessage) => within(longestMs, options.handle(message));

  // A promise for each wait: a race against one that outlives them would leave something behind on it each time.
  let wake = () => {};
  const change = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });

  async function poll(): Promise<void> {
    // The first poll answers at once, so that whoever waits for us knows that the queue can be reached.
    const waitSeconds = polls === 0 ? 0 : 20;
    const messages = await queue.receive({ max: room(), waitSeconds, hiddenSeconds, signal: hangUp.signal });
    polls += 1;
    failures = 0;
    becameReady();
    if (leaving.signal.aborted) await Promise.all(messages.map(giveBack));
    else for (const message of messages) take(message);
  }

  function take(message: QueueMessage): void {
    const place = placeOf(message);
    const lane = place && lanes.get(place.lane);
    const work = carryOut(message, {
      ...options,
      handle: lane ? () => inTurn(lane, place.owner, message) : handle,
    }).finally(() => {
      inHand.delete(message);
      outsideLanes.delete(message);
      wake();
    });
    inHand.set(message, work);
    if (!lane) outsideLanes.add(message);
  }

  async function inTurn(lane: Lane, owner: string, message: QueueMessage): Promise<Outcome> {
    let turn = await lane.enter(owner);
    while (turn.kind === 'begins') {
      let next: Promise<Turn>;
      try {
        const outcome = await handle(message);
        if (outcome.kind !== 'again') return outcome;
        next = lane.enter(owner, { instead: true });
      } finally {
        turn.leave();
      }
      turn = await next;
    }
    return turn.kind === 'closed' ? { kind: 'retry', inSeconds: 0 } : { kind: 'done' };
  }

  async function giveBack(message: QueueMessage): Promise<void> {
    log.warn({ message: message.id }, 'returning a message to the queue');
    await queue
      .hide(message, 0)
      .catch((error: unknown) => log.warn({ err: error }, 'the message could not be returned to the queue'));
  }

  async function run(): Promise<void> {
    while (!leaving.signal.aborted) {
      try {
        await (room() > 0 ? poll() : change());
      } catch (error) {
        if (leaving.signal.aborted) return;
        failures += 1;
        log.warn({ err: error, failures }, 'queue unreachable');
        const pause = Math.min(30_000, 500 * 2 ** Math.min(failures, 6)) * (0.5 + Math.random());
        await sleep(pause, undefined, { signal: leaving.signal }).catch(() => {});
      }
    }
  }

  const running = run();
  return {
    ready,
    async stop(graceMs) {
      leaving.abort();
      wake();
      const grace = sleep(graceMs, undefined, { ref: false });
      for (const lane of lanes.values()) lane.close();
      // Not at once: messages that are on their way to us would stay hidden from everybody.
      const patience = setTimeout(() => hangUp.abort(), lastPollMs);
      await running;
      clearTimeout(patience);
      await Promise.race([Promise.all(inHand.values()), grace]);
      await Promise.all([...inHand.keys()].map(giveBack));
    },
  };
}

/** Does one message's work from start to end; never throws. */
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
    await settle(message, outcome, queue);
  } catch (error) {
    log.warn({ ...fields, err: error }, 'message could not be settled; it will be delivered again');
  } finally {
    clearInterval(heartbeat);
  }
}

async function settle(message: QueueMessage, outcome: Outcome, queue: Queue): Promise<void> {
  if (outcome.kind === 'done') return queue.delete(message);
  if (outcome.kind === 'retry') return queue.hide(message, outcome.inSeconds);
  if (outcome.kind === 'again') return queue.hide(message, 0);
  // Without a dead-letter queue it stays where it is: nothing is thrown away unseen.
  if (!(await queue.bury(message, outcome.reason))) await queue.hide(message, 300);
}
