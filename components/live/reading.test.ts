import { afterEach, expect, it, vi } from 'vitest';
import { nextReading, Refused, readJson, retryDelay, triesAgain } from './reading';

const everyMs = 2000;
const data = { at: '2026-03-01T10:00:00.000Z', underWay: true, mark: '', words: '' };

afterEach(() => vi.unstubAllGlobals());

async function failureAt(status: number, body = '{}'): Promise<unknown> {
  vi.stubGlobal('fetch', async () => new Response(body, { status }));
  return readJson('/extracts/status', new AbortController().signal).catch((error: unknown) => error);
}

it.each([401, 403, 404, 409])('reads no more after %d, and says why', async (status) => {
  const error = await failureAt(status, '{"detail":"You are not signed in."}');
  expect(error).toBeInstanceOf(Refused);
  expect(error).toMatchObject({ status, message: 'You are not signed in.' });
  expect(nextReading({ data, error, fetchFailureCount: 1 }, everyMs)).toBe(false);
  expect(triesAgain(error)).toBe(false);
});

it('takes a refusal without words', async () => {
  for (const body of ['', '<html>', 'null', '{"detail":7}']) {
    expect(await failureAt(401, body)).toMatchObject({ status: 401, message: '' });
  }
});

it.each([429, 500, 503])('goes on reading after %d, less often', async (status) => {
  const error = await failureAt(status);
  expect(error).not.toBeInstanceOf(Refused);
  expect(nextReading({ data, error, fetchFailureCount: 1 }, everyMs)).toBeGreaterThan(everyMs);
  expect(triesAgain(error)).toBe(true);
});

it('reads while work is under way, and no longer', () => {
  const last = { error: null, fetchFailureCount: 0 };
  expect(nextReading({ ...last, data }, everyMs)).toBe(everyMs);
  expect(nextReading({ ...last, data: { ...data, underWay: false } }, everyMs)).toBe(false);
});

it('retries after longer and longer pauses, and never sooner than it polls', () => {
  expect([0, 1, 2, 9].map((attempt) => retryDelay(attempt, everyMs))).toEqual([2000, 4000, 8000, 30_000]);
  expect(retryDelay(9, 60_000)).toBe(60_000);
});
