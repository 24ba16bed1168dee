import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { expectNothing, expectResult, isExpected } from './expected';

beforeEach(() => {
  const stored = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('leads to the first of the results, once', () => {
  expect(isExpected('model')).toBe(false);
  expectResult(['model', 'endpoints']);
  expect(isExpected('report')).toBe(false);
  expect(isExpected('endpoints')).toBe(true);
  expect(isExpected('endpoints')).toBe(false);
  expect(isExpected('model')).toBe(false);
});

it('leads nowhere after a failure, or much later', () => {
  expectResult(['report']);
  expectNothing();
  expect(isExpected('report')).toBe(false);
  vi.useFakeTimers();
  expectResult(['report']);
  vi.advanceTimersByTime(600_000);
  expect(isExpected('report')).toBe(false);
});
