import { expect, it } from 'vitest';
import { isSameOrigin, requestIdOf } from './request';

const portal = 'http://localhost:3000';
const same = (headers: Record<string, string>) => isSameOrigin(new Headers(headers), portal);

it('takes changes from our own pages alone', () => {
  expect(same({ origin: portal })).toBe(true);
  expect(same({ 'sec-fetch-site': 'same-origin' })).toBe(true);
  expect(same({ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' })).toBe(false);
  expect(same({ origin: 'http://localhost:3001' })).toBe(false);
  expect(same({ origin: 'null' })).toBe(false);
  expect(same({ 'sec-fetch-site': 'same-site' })).toBe(false);
  expect(same({})).toBe(false);
});

it('keeps a request’s id only when it looks like one', () => {
  expect(requestIdOf(new Headers({ 'x-request-id': 'abc-12345' }))).toBe('abc-12345');
  expect(requestIdOf(new Headers({ 'x-request-id': '"}{' }))).toMatch(/^[0-9a-f-]{36}$/);
});
