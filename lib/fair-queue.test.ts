import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fairQueue } from './fair-queue';

const full = new Error('full');
const places = (given: Partial<Parameters<typeof fairQueue>[0]> = {}) =>
  fairQueue({ perKey: 2, inAll: 3, waiting: 100, waitMs: 60_000, refusal: () => full, ...given });

/** Enters for each key, and notes who got a place and how to leave. */
function crowd(queue: ReturnType<typeof fairQueue>) {
  const inside: { key: string; leave: () => void }[] = [];
  const served: string[] = [];
  const enter = (key: string) =>
    queue.enter(key).then((leave) => {
      served.push(key);
      inside.push({ key, leave });
    });
  return { inside, served, enter };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('gives free places to the keys in turn, however many wait of one', async () => {
  const { inside, served, enter } = crowd(places({ perKey: 1, inAll: 1 }));
  for (const key of ['noisy', 'noisy', 'noisy', 'noisy', 'quiet', 'other', 'quiet']) void enter(key);
  for (let n = 0; n < 7; n += 1) {
    await settled();
    inside.shift()?.leave();
  }
  expect(served).toEqual(['noisy', 'noisy', 'quiet', 'other', 'noisy', 'quiet', 'noisy']);
});

it('knows whether a key is alone, with those who wait', async () => {
  const queue = places({ perKey: 1, inAll: 1 });
  expect(queue.isAlone('a')).toBe(true);
  const leave = await queue.enter('a');
  const second = queue.enter('a');
  expect([queue.isAlone('a'), queue.isAlone('b')]).toEqual([true, false]);
  const other = queue.enter('b');
  expect([queue.heldBy('a'), queue.heldBy('b'), ...queue.holders()]).toEqual([1, 0, 'a']);
  expect([queue.isAlone('a'), queue.isAlone('b')]).toEqual([false, false]);
  leave();
  (await second)();
  expect([queue.isAlone('a'), queue.isAlone('b')]).toEqual([false, true]);
  (await other)();
  expect([queue.isAlone('a'), queue.isAlone('b')]).toEqual([true, true]);
});

it('never gives a key more than its share, nor all of them more than there is; everybody is served', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 }),
      fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
      async (keys, leaving) => {
        const { inside, served, enter } = crowd(places());
        for (const key of keys) void enter(key);
        for (const at of leaving) {
          await settled();
          expect(inside.length).toBeLessThanOrEqual(3);
          for (const { key } of inside) {
            expect(inside.filter((one) => one.key === key).length).toBeLessThanOrEqual(2);
          }
          const [gone] = inside.splice(at % Math.max(1, inside.length), 1);
          gone?.leave();
          gone?.leave();
        }
        expect(served.toSorted()).toEqual(keys.toSorted());
      },
    ),
    { numRuns: 200 },
  );
});

it('refuses an entrant who finds the queue of the key full, and one who has waited for too long', async () => {
  const queue = places({ perKey: 1, waiting: 1, waitMs: 1 });
  const leave = await queue.enter('a');
  const late = queue.enter('a');
  await expect(queue.enter('a')).rejects.toBe(full);
  await expect(queue.enter('b')).resolves.toBeTypeOf('function');
  await expect(late).rejects.toBe(full);
  leave();
  await expect(queue.enter('a')).resolves.toBeTypeOf('function');
});

it('forgets who leaves the queue', async () => {
  const queue = places({ perKey: 1, waiting: 1 });
  const leave = await queue.enter('a');
  const gone = new AbortController();
  const waiting = queue.enter('a', gone.signal);
  gone.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  await expect(queue.enter('a', gone.signal)).rejects.toThrow('gone');
  const next = queue.enter('a');
  leave();
  await expect(next).resolves.toBeTypeOf('function');
});
