import { describe, expect, it, vi } from 'vitest';
import { consume } from './consumer';
import type { Outcome } from './outcome';
import { FakeQueue } from './testing/fake-queue';

const log = { info: () => {}, warn: () => {}, error: () => {} };
const patience = { timeout: 30_000 };

describe('work in lanes', () => {
  /** Bodies are `<lane> <owner> <n>`. Work outside lanes ends at once, other work when the test tells it to. */
  function lanes(handled?: (body: string) => Outcome, more: Partial<Parameters<typeof consume>[0]> = {}) {
    const begun: string[] = [];
    const ends = new Map<string, (outcome: Outcome) => void>();
    const queue = new FakeQueue();
    const consumer = consume({
      queue,
      log,
      concurrency: 2,
      lanes: { score: { most: 2 } },
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
      ...more,
    });
    return { queue, consumer, begun, ends };
  }

  it('does not delay other work, however much waits there', async () => {
    const { queue, consumer, begun, ends } = lanes();
    const scorings = Array.from({ length: 30 }, (_, n) => `score t${n} 1`);
    queue.put(...scorings, 'look t1', 'look t2', 'look t3');
    await vi.waitFor(() => expect(queue.done).toHaveLength(3), patience);
    expect(begun.toSorted()).toEqual(['look t1', 'look t2', 'look t3', ...scorings.slice(0, 2)].toSorted());
    ends.get('score t0 1')?.({ kind: 'done' });
    await vi.waitFor(() => expect(begun).toContain('score t2 1'), patience);
    await consumer.stop(10);
  });

  it('handles every message once, in order, and returns none meanwhile', async () => {
    const { queue, consumer, begun } = lanes(() => ({ kind: 'done' }));
    const scorings = Array.from({ length: 30 }, (_, n) => `score t${n} 1`);
    queue.put(...scorings);
    await vi.waitFor(() => expect(queue.done).toHaveLength(30), patience);
    expect(begun).toEqual(scorings);
    expect(queue.done.toSorted()).toEqual(scorings.map((body) => `delete ${body}`).toSorted());
    await consumer.stop(10);
  });

  it('holds no more messages than its limit, and leaves the rest to other workers', async () => {
    const { queue, consumer, begun, ends } = lanes(undefined, { mostInHand: 5 });
    queue.put(...Array.from({ length: 30 }, (_, n) => `score t${n} 1`));
    await vi.waitFor(() => expect(begun).toHaveLength(2), patience);
    ends.get('score t0 1')?.({ kind: 'done' });
    await vi.waitFor(() => expect(begun).toHaveLength(3), patience);
    await consumer.stop(10);
    const givenBack = Array.from({ length: 5 }, (_, n) => `hide score t${n + 1} 1 0`);
    expect(queue.done.toSorted()).toEqual(['delete score t0 1', ...givenBack]);
  });

  it('drops a message that finds its lane full', async () => {
    const { queue, consumer } = lanes(undefined, { lanes: { score: { most: 1, waiting: 1 } } });
    queue.put('score a 1', 'score b 1', 'score c 1', 'look t1');
    await vi.waitFor(
      () => expect(queue.done.toSorted()).toEqual(['delete look t1', 'delete score c 1']),
      patience,
    );
    await consumer.stop(10);
  });

  it('takes turns with long work, so that no owner starves', async () => {
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

  it('drops a message whose work another of the same owner will do, unless that has begun', async () => {
    const { queue, consumer, begun, ends } = lanes();
    queue.put('score a 1', 'score a 2', 'score a 3', 'score a 4');
    await vi.waitFor(() => expect(queue.done).toEqual(['delete score a 3', 'delete score a 4']), patience);
    ends.get('score a 1')?.({ kind: 'done' });
    await vi.waitFor(() => expect(begun).toEqual(['score a 1', 'score a 2']), patience);
    await consumer.stop(10);
  });

  it('returns waiting messages when it stops, and begins none of them', async () => {
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

  it('keeps waiting messages hidden from other workers', async () => {
    const { queue, consumer } = lanes(undefined, { lanes: { score: { most: 1 } }, hiddenSeconds: 0.03 });
    queue.put('score a 1', 'score b 1');
    await vi.waitFor(
      () => expect(queue.done.filter((what) => what === 'hide score b 1 0.03').length).toBeGreaterThan(2),
      patience,
    );
    await consumer.stop(1);
  });
});
