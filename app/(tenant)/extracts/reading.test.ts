import { expect, it } from 'vitest';
import { submitted } from '@/lib/domain/testing/extract-world';
import { extractReading, extractsReading } from './reading';

const now = new Date('2026-03-01T10:05:00Z');

it('is read again while an extract is open, and says how many are', async () => {
  const open = (await submitted()).single();
  const done = { ...open, state: 'done', finishedAt: now } as const;
  expect(extractsReading({ extracts: [open, done], next: null, previous: null }, now)).toMatchObject({
    underWay: true,
    words: 'Extracts under way: 1',
    lines: [{ stateWords: 'Queued' }, { stateWords: 'Done' }],
  });
  expect(extractsReading({ extracts: [done], next: null, previous: null }, now)).toMatchObject({
    underWay: false,
    words: 'Extracts under way: 0',
  });
});

it('calls an extract and its state as the page does, and marks what the server renders from it', async () => {
  const queued = (await submitted()).single();
  const reading = extractReading(queued, now);
  expect(reading).toMatchObject({ underWay: true, words: 'Orders: Queued' });
  const running = extractReading({ ...queued, state: 'running', runId: 'jr_1', startedAt: now }, now);
  expect(running.mark).not.toBe(reading.mark);
  expect(extractReading({ ...queued, state: 'running', cancelAskedAt: now }, now)).toMatchObject({
    underWay: true,
    words: 'Orders: Cancelling',
  });
  expect(extractReading({ ...queued, attempt: 2 }, now).mark).not.toBe(reading.mark);
});

it('survives JSON', async () => {
  const reading = extractReading((await submitted()).single(), now);
  expect(JSON.parse(JSON.stringify(reading))).toEqual(reading);
});
