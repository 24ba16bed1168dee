import { expect, it } from 'vitest';
import { createAttempts } from './attempts';

it('lets five failures pass, then doubles the wait up to fifteen minutes, and forgets after them', () => {
  let now = 0;
  const attempts = createAttempts(() => now);
  const waits: number[] = [];
  for (let count = 0; count < 17; count += 1) {
    attempts.failed('a');
    waits.push(attempts.wait('a'));
  }
  expect(waits.slice(0, 8)).toEqual([0, 0, 0, 0, 1000, 2000, 4000, 8000]);
  expect(waits.at(-1)).toBe(900_000);
  expect(attempts.wait('b')).toBe(0);
  now = 900_000;
  expect(attempts.wait('a')).toBe(0);
});

it('forgets after a success', () => {
  const attempts = createAttempts(() => 0);
  for (let count = 0; count < 9; count += 1) attempts.failed('a');
  attempts.succeeded('a');
  expect(attempts.wait('a')).toBe(0);
});
