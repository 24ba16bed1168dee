import { describe, expect, it, vi } from 'vitest';
import type { QueueMessage } from '@/lib/aws/core/queue';
import { AnnexError } from '@/lib/errors';
import { consume } from './consumer';
import type { Outcome } from './outcome';
import { FakeQueue, maxReceives } from './testing/fake-queue';

const log = { info: () => {}, warn: () => {}, error: () => {} };
const patience = { timeout: 30_000 };

const handling = (
  handle: (message: QueueMessage) => Promise<Outcome>,
  queue = new FakeQueue(),
  hiddenSeconds = 30,
) => ({
  queue,
  consumer: consume({ queue, log, concurrency: 2, hiddenSeconds, lastPollMs: 20, handle }),
});

describe('consume', () => {
  it('deletes finished messages, buries hopeless ones, and keeps those to retry', async () => {
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

  it('buries at the last receive itself, with what failed, so that the reason is known', async () => {
    const { queue, consumer } = handling(async ({ body }) => {
      if (body === 'busy') throw new AnnexError('throttled', 'AWS throttled requests.');
      throw new TypeError('secret of a customer');
    });
    queue.receives = maxReceives - 1;
    queue.put('busy');
    await vi.waitFor(() => expect(queue.done).toHaveLength(1), patience);
    queue.receives = maxReceives;
    queue.put('busy', 'bug');
    await vi.waitFor(() => expect(queue.done).toHaveLength(3), patience);
    await consumer.stop(1000);
    expect(queue.done[0]).toMatch(/^hide busy/);
    expect(queue.done.slice(1).toSorted()).toEqual([
      expect.stringMatching(/^bury bug internal: .*\(TypeError\)/),
      'bury busy throttled: AWS throttled requests.',
    ]);
    expect(queue.done.join()).not.toContain('secret');
  });

  it('retries even at the last receive where there is no dead-letter queue', async () => {
    const { queue, consumer } = handling(async () => {
      throw new AnnexError('throttled', 'busy');
    }, new FakeQueue(false));
    queue.receives = maxReceives;
    queue.put('busy');
    await vi.waitFor(() => expect(queue.done).toEqual([expect.stringMatching(/^hide busy [1-9]/)]), patience);
    await consumer.stop(1000);
  });

  it('receives no more than it can handle', async () => {
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

  it('finishes the work in hand when it stops, and receives nothing new', async () => {
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

  it('returns work to the queue that does not end in time', async () => {
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

  it('retries work that never ends, and frees its place', async () => {
    const queue = new FakeQueue();
    const consumer = consume({
      queue,
      log,
      concurrency: 1,
      hiddenSeconds: 30,
      lastPollMs: 20,
      longestMs: 20,
      handle: ({ body }) => (body === 'stuck' ? new Promise(() => {}) : Promise.resolve({ kind: 'done' })),
    });
    queue.put('stuck', 'next');
    await vi.waitFor(
      () => expect(queue.done).toEqual([expect.stringMatching(/^hide stuck [1-9]/), 'delete next']),
      patience,
    );
    await consumer.stop(1000);
  });

  it('waits for a place without leaving anything behind', async () => {
    const race = vi.spyOn(Promise, 'race');
    const { queue, consumer } = handling(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return { kind: 'done' };
    });
    queue.put(...Array.from({ length: 50 }, (_, i) => `m${i}`));
    await vi.waitFor(() => expect(queue.done).toHaveLength(50), patience);
    await consumer.stop(1000);
    const raced = new Map<unknown, number>();
    for (const one of race.mock.calls.flatMap(([given]) => [...given])) {
      raced.set(one, (raced.get(one) ?? 0) + 1);
    }
    race.mockRestore();
    // A race leaves a reaction on each of its promises until that settles.
    expect(Math.max(...raced.values())).toBe(1);
  });

  it('continues after an outage of the queue', async () => {
    const queue = new FakeQueue();
    queue.faults = 1;
    const { consumer } = handling(async () => ({ kind: 'done' }), queue);
    queue.put('one');
    await vi.waitFor(() => expect(queue.done).toEqual(['delete one']), patience);
    await consumer.stop(1000);
  });

  it('discards nothing without a dead-letter queue', async () => {
    const { queue, consumer } = handling(async () => ({ kind: 'bury', reason: 'x' }), new FakeQueue(false));
    queue.put('poison');
    await vi.waitFor(() => expect(queue.done).toEqual(['hide poison 300']), patience);
    await consumer.stop(1000);
  });
});
