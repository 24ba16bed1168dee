import { expect, it } from 'vitest';
import { atMost } from './at-most';

it('runs so many at a time, in their order, and goes on after a failure', async () => {
  const limited = atMost(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const runs = Array.from({ length: 5 }, (_, n) =>
    limited(async () => {
      begun.push(n);
      await new Promise<void>((resolve, reject) =>
        ends.push(n === 0 ? () => reject(new Error('x')) : resolve),
      );
      return n;
    }),
  );
  const settled = Promise.allSettled(runs);
  for (let ended = 0; ended < 5; ended += 1) {
    expect(begun).toEqual([0, 1, 2, 3, 4].slice(0, ended + 2));
    ends[ended]?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', ...Array(4).fill('fulfilled')]);
  expect(await limited(async () => 'again')).toBe('again');
});
