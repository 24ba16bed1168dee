import { afterEach, expect, it, vi } from 'vitest';
import { nextReading, Refused, readProgress, triesAgain } from './read-progress';

afterEach(() => vi.unstubAllGlobals());

async function failureAt(status: number): Promise<unknown> {
  vi.stubGlobal('fetch', async () => new Response('{}', { status }));
  return readProgress({ signal: new AbortController().signal }).catch((error: unknown) => error);
}

it.each([401, 403, 404])('reads no more after %d', async (status) => {
  const error = await failureAt(status);
  expect(error).toBeInstanceOf(Refused);
  expect(nextReading(error, 1)).toBe(false);
  expect(triesAgain(error)).toBe(false);
});

it.each([429, 500, 503])('goes on reading after %d, less often', async (status) => {
  const error = await failureAt(status);
  expect(error).not.toBeInstanceOf(Refused);
  expect(nextReading(error, 1)).toBeGreaterThan(Number(nextReading(null, 0)));
  expect(triesAgain(error)).toBe(true);
});
