import { describe, expect, it, vi } from 'vitest';
import type { Queue, QueueMessage } from '@/lib/aws/queue';
import { AnnexError } from '@/lib/errors';
import { world } from '@/local/world';
import { consume } from './consumer';
import { type Outcome, outcomeOf } from './outcome';

const log = { info: () => {}, warn: () => {}, error: () => {} };

/** A queue in memory that writes down what is done with its messages. */
class FakeQueue implements Queue {
  readonly done: string[] = [];
  readonly asked: number[] = [];
  private readonly waiting: QueueMessage[] = [];
  private wake = () => {};
  faults = 0;

  constructor(private readonly deadLetters = true) {}

  put(...bodies: string[]): void {
    for (const body of bodies) this.waiting.push({ id: body, body, receipt: body, receives: 1 });
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

  async bury({ id }: QueueMessage, reason: string): Promise<boolean> {
    if (this.deadLetters) this.done.push(`bury ${id} ${reason}`);
    return this.deadLetters;
  }
}

const handling = (
  handle: (message: QueueMessage) => Promise<Outcome>,
  queue = new FakeQueue(),
  hiddenSeconds = 30,
) => ({
  queue,
  consumer: consume({ queue, log, concurrency: 2, hiddenSeconds, lastPollMs: 20, handle }),
});

const patience = { timeout: 30_000 };

describe('consume', () => {
  it('deletes what is done, buries what cannot be done, keeps what may be done later', async () => {
    const { queue, consumer } = handling(async ({ body }) => {
      if (body === 'bad') throw new AnnexError('not_found', 'no tenant');
      if (body === 'busy') throw new AnnexError('throttled', 'busy');
      if (body === 'bug') throw new TypeError('oops');
      return body === 'poison' ? { kind: 'bury', reason: 'no job' } : { kind: 'done' };
    });
    queue.put('fine', 'bad', 'busy', 'bug', 'poison');
    await vi.waitFor(() => expect(queue.done).toHaveLength(5), patience);
    await consumer.stop(1000);
    expect(queue.done.toSorted()).toEqual([
      'bury bad not_found: no tenant',
      'bury poison no job',
      'delete fine',
      expect.stringMatching(/^hide bug [1-9]/),
      expect.stringMatching(/^hide busy [1-9]/),
    ]);
  });

  it('takes no more than it can do', async () => {
    let running = 0;
    let most = 0;
    const { queue, consumer } = handling(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { kind: 'done' };
    });
    queue.put(...Array.from({ length: 20 }, (_, i) => `m${i}`));
    await vi.waitFor(() => expect(queue.done).toHaveLength(20), patience);
    await consumer.stop(1000);
    expect(most).toBe(2);
    expect(Math.max(...queue.asked)).toBe(2);
  });

  it('finishes what is in hand when it stops, and takes nothing new', async () => {
    let finish = () => {};
    const { queue, consumer } = handling(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { kind: 'done' };
    });
    queue.put('long');
    await consumer.ready;
    await vi.waitFor(() => expect(queue.asked.length).toBeGreaterThan(1), patience);
    const stopped = consumer.stop(10_000);
    queue.put('late');
    finish();
    await stopped;
    expect(queue.done.toSorted()).toEqual(['delete long', 'hide late 0']);
  });

  it('gives back what does not come to its end in time', async () => {
    let begun = 0;
    const { queue, consumer } = handling(() => {
      begun += 1;
      return new Promise(() => {});
    });
    queue.put('stuck', 'too');
    await vi.waitFor(() => expect(begun).toBe(2), patience);
    await consumer.stop(10);
    expect(queue.done.toSorted()).toEqual(['hide stuck 0', 'hide too 0']);
  });

  it('keeps a message hidden as long as its work goes on', async () => {
    const { queue, consumer } = handling(() => new Promise(() => {}), new FakeQueue(), 0.03);
    queue.put('long');
    await vi.waitFor(() => expect(queue.done.length).toBeGreaterThan(2), patience);
    expect(new Set(queue.done)).toEqual(new Set(['hide long 0.03']));
    await consumer.stop(1);
  });

  it('goes on after the queue was away', async () => {
    const queue = new FakeQueue();
    queue.faults = 1;
    const { consumer } = handling(async () => ({ kind: 'done' }), queue);
    queue.put('one');
    await vi.waitFor(() => expect(queue.done).toEqual(['delete one']), patience);
    await consumer.stop(1000);
  });

  it('throws nothing away when there is no dead-letter queue', async () => {
    const { queue, consumer } = handling(async () => ({ kind: 'bury', reason: 'x' }), new FakeQueue(false));
    queue.put('poison');
    await vi.waitFor(() => expect(queue.done).toEqual(['hide poison 300']), patience);
    await consumer.stop(1000);
  });
});

describe('work in lanes', () => {
  /** Bodies are `<lane> <owner> <n>`; what is in no lane is done at once, and the rest when it is told to end. */
  function lanes(handled?: (body: string) => Outcome) {
    const begun: string[] = [];
    const ends = new Map<string, (outcome: Outcome) => void>();
    const queue = new FakeQueue();
    const consumer = consume({
      queue,
      log,
      concurrency: 2,
      lanes: { score: 2 },
      placeOf: ({ body }) => {
        const [lane = '', owner = ''] = body.split(' ');
        return lane === 'score' ? { lane, owner } : null;
      },
      hiddenSeconds: 30,
      lastPollMs: 20,
      handle: ({ body }) => {
        begun.push(body);
        if (!body.startsWith('score')) return Promise.resolve({ kind: 'done' });
        if (handled) return Promise.resolve(handled(body));
        return new Promise((resolve) => ends.set(body, resolve));
      },
    });
    return { queue, consumer, begun, ends };
  }

  it('keeps nobody else waiting, however much waits there', async () => {
    const { queue, consumer, begun, ends } = lanes();
    const scorings = Array.from({ length: 30 }, (_, n) => `score t${n} 1`);
    queue.put(...scorings, 'look t1', 'look t2', 'look t3');
    await vi.waitFor(() => expect(queue.done).toHaveLength(3), patience);
    expect(begun.toSorted()).toEqual(['look t1', 'look t2', 'look t3', ...scorings.slice(0, 2)].toSorted());
    ends.get('score t0 1')?.({ kind: 'done' });
    await vi.waitFor(() => expect(begun).toContain('score t2 1'), patience);
    await consumer.stop(10);
  });

  it('does every message once, in its order, and hands none back on the way', async () => {
    const { queue, consumer, begun } = lanes(() => ({ kind: 'done' }));
    const scorings = Array.from({ length: 30 }, (_, n) => `score t${n} 1`);
    queue.put(...scorings);
    await vi.waitFor(() => expect(queue.done).toHaveLength(30), patience);
    expect(begun).toEqual(scorings);
    expect(queue.done.toSorted()).toEqual(scorings.map((body) => `delete ${body}`).toSorted());
    await consumer.stop(10);
  });

  it('takes turns where work is long, and lets nobody starve', async () => {
    const left = new Map(['a', 'b', 'c', 'd'].map((owner, n) => [owner, n < 2 ? 50 : 1]));
    const { queue, consumer, begun } = lanes((body) => {
      const owner = body.split(' ')[1] ?? '';
      const rest = (left.get(owner) ?? 0) - 1;
      left.set(owner, rest);
      return { kind: rest > 0 ? 'again' : 'done' };
    });
    queue.put('score a 1', 'score b 1', 'score c 1', 'score d 1');
    await vi.waitFor(() => expect(queue.done).toHaveLength(4), patience);
    expect(begun.indexOf('score c 1')).toBeLessThan(20);
    expect(begun.indexOf('score d 1')).toBeLessThan(20);
    expect(begun).toHaveLength(102);
    expect(queue.done.every((what) => what.startsWith('delete'))).toBe(true);
    await consumer.stop(10);
  });

  it('drops what another message of the same owner will do, and not what has begun', async () => {
    const { queue, consumer, begun, ends } = lanes();
    queue.put('score a 1', 'score a 2', 'score a 3', 'score a 4');
    await vi.waitFor(() => expect(queue.done).toEqual(['delete score a 3', 'delete score a 4']), patience);
    ends.get('score a 1')?.({ kind: 'done' });
    await vi.waitFor(() => expect(begun).toEqual(['score a 1', 'score a 2']), patience);
    await consumer.stop(10);
  });

  it('gives back what waits when it stops, and begins none of it', async () => {
    const { queue, consumer, begun, ends } = lanes();
    queue.put('score a 1', 'score b 1', 'score c 1');
    await vi.waitFor(() => expect(begun).toHaveLength(2), patience);
    const stopped = consumer.stop(10_000);
    await vi.waitFor(() => expect(queue.done).toEqual(['hide score c 1 0']), patience);
    for (const end of ends.values()) end({ kind: 'done' });
    await stopped;
    expect(begun).toHaveLength(2);
    expect(queue.done.toSorted()).toEqual(['delete score a 1', 'delete score b 1', 'hide score c 1 0']);
  });

  it('keeps what waits hidden from other workers', async () => {
    const queue = new FakeQueue();
    const consumer = consume({
      queue,
      log,
      concurrency: 1,
      lanes: { score: 1 },
      placeOf: ({ body }) => ({ lane: 'score', owner: body }),
      hiddenSeconds: 0.03,
      lastPollMs: 20,
      handle: () => new Promise(() => {}),
    });
    queue.put('a', 'b');
    await vi.waitFor(
      () => expect(queue.done.filter((what) => what === 'hide b 0.03').length).toBeGreaterThan(2),
      patience,
    );
    await consumer.stop(1);
  });
});

describe('outcomeOf', () => {
  it('waits longer each time, never for long', () => {
    const waits = [1, 2, 3, 9, 500].map((receives) => outcomeOf(new Error('x'), receives, () => 0.5));
    expect(waits.map((wait) => wait.kind === 'retry' && wait.inSeconds)).toEqual([2, 4, 8, 300, 300]);
  });

  it('tries soon at first, and for ten minutes at least before the queue gives up', () => {
    const pauses = Array.from({ length: world.maxReceiveCount - 1 }, (_, n) => {
      const outcome = outcomeOf(new AnnexError('dependency_failed', 'x', { transient: true }), n + 1, () => 0);
      return outcome.kind === 'retry' ? outcome.inSeconds : 0;
    });
    expect(pauses[0]).toBeLessThanOrEqual(4);
    expect(pauses.reduce((sum, pause) => sum + pause)).toBeGreaterThanOrEqual(600);
  });

  it('tries a conflict and what is our own fault again', () => {
    for (const code of ['conflict', 'internal', 'throttled'] as const) {
      expect(outcomeOf(new AnnexError(code, 'x'), 1).kind).toBe('retry');
    }
    expect(outcomeOf(new AnnexError('dependency_denied', 'x', { transient: true }), 1).kind).toBe('retry');
    expect(outcomeOf(new AnnexError('dependency_denied', 'x'), 1).kind).toBe('bury');
  });
});
