import fc from 'fast-check';
import { parseAndValidateFlightRouterState } from 'next/dist/server/app-render/parse-and-validate-flight-router-state';
import { describe, expect, it } from 'vitest';
import { bodyLimit, faultOf, type Head, isRouterState } from './inspect';

const portal = 'http://localhost:3000';
const action = '7f'.repeat(21);
const fault = (head: Head) => faultOf({ method: 'GET', ...head }, portal, new Set([action]));
const status = (head: Head) => fault(head)?.status ?? 200;
const post = (headers: Head['headers'], url = '/model') =>
  status({ method: 'POST', url, headers: { origin: portal, ...headers } });

it.each([
  ['/customers/50%', 400],
  ['/customers/%ED%A0%80', 400],
  ['/%', 400],
  ['http://localhost:3000/customers', 400],
  ['*', 400],
  ['', 400],
  ['/_next/static/../../customers', 400],
  ['/_next/static/%2E%2e/..%2f', 400],
  ['/./sign-in', 400],
  ['/x/.%2e/sign-in', 400],
  ['/customers/..', 400],
  ['/sign-in#x', 400],
  ['/\\sign-in', 400],
  ['/customers/.hidden/..x/~Li4?search=../%2e#', 200],
  ['/customers/50%25', 200],
  ['/customers/%F0%9F%98%80?search=50%', 200],
])('tells whether %s is an address', (url, expected) => {
  expect(status({ url, headers: {} })).toBe(expected);
});

it.each(['TRACE', 'CONNECT', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', undefined])(
  'answers %s with the methods that there are',
  (method) => {
    expect(fault({ method, url: '/', headers: {} })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST' },
    });
  },
);

it('takes changes from our own pages alone, whatever host a header names', () => {
  expect(post({})).toBe(200);
  expect(post({ origin: undefined })).toBe(403);
  expect(post({ origin: undefined, 'sec-fetch-site': 'same-origin' })).toBe(200);
  expect(post({ origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' })).toBe(403);
  // AWS Marketplace sends buyers by a form of its own.
  expect(post({ origin: 'https://aws.amazon.com' }, '/marketplace/register')).toBe(200);
  expect(post({ origin: 'https://aws.amazon.com' }, '/marketplace/register/')).not.toBe(200);
  expect(post({ origin: 'https://aws.amazon.com' }, '/subscriptions')).toBe(403);
});

it('limits a body by its address, before any of it is read', () => {
  for (const [url, most] of [
    ['/model', 1_000_000],
    ['/sign-in?callbackUrl=/', 16_000],
    ['/sign-out', 16_000],
  ] as const) {
    expect(bodyLimit(url.split('?')[0] ?? '')).toBe(most);
    expect(post({ 'content-length': String(most) }, url)).toBe(200);
    expect(post({ 'content-length': String(most + 1) }, url)).toBe(413);
  }
  expect(post({ 'transfer-encoding': 'chunked' })).toBe(411);
  expect(status({ url: '/model', headers: { 'content-length': '1' } })).toBe(400);
});

describe('a header of the router', () => {
  const isNexts = (text: string) => {
    try {
      parseAndValidateFlightRouterState(text);
      return true;
    } catch {
      return false;
    }
  };
  const segment = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.tuple(
      fc.string({ maxLength: 5 }),
      fc.string({ maxLength: 5 }),
      fc.constantFrom('d', 'c', 'di(.)', 'x'),
      fc.constantFrom(null, [], ['a'], [1], 'x'),
    ),
    fc.constantFrom(null, 1, [], ['a']),
  );
  const more = fc.array(fc.constantFrom(null, 'refetch', 'x', 16, ['/a', 'b'], ['/a']), { maxLength: 5 });
  const tree = (children: fc.Arbitrary<object>) =>
    fc.tuple(segment, children, more).map(([name, below, rest]) => [name, below, ...rest]);
  const leaf = tree(fc.constant({}));
  const nested = tree(
    fc.dictionary(fc.constantFrom('children', 'modal'), tree(fc.record({ children: leaf }))),
  );

  it('is read exactly when Next can read it', () => {
    const trees = fc.oneof(leaf, nested).map((value) => encodeURIComponent(JSON.stringify(value)));
    fc.assert(
      fc.property(trees, (value) => {
        expect(isRouterState(value), value).toBe(isNexts(value));
      }),
      { numRuns: 5000 },
    );
    // Next also reads a list where it writes an object, as nothing that it writes has.
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json({ depthSize: 'small' }).map(encodeURIComponent),
    );
    fc.assert(
      fc.property(anything, (value) => {
        expect(isRouterState(value) && !isNexts(value), value).toBe(false);
      }),
      { numRuns: 5000 },
    );
    expect(
      isRouterState(
        encodeURIComponent(JSON.stringify(['', { children: ['customers', {}] }, null, null, 16])),
      ),
    ).toBe(true);
    expect(isRouterState('['.repeat(39_000))).toBe(false);
    expect(isRouterState(encodeURIComponent(JSON.stringify(['x'.repeat(40_000), {}])))).toBe(false);
  });

  it('is refused with its name', () => {
    for (const state of ['%', '{}', '["",{}],["",{}]']) {
      const refused = fault({ url: '/', headers: { 'next-router-state-tree': state } });
      expect(refused).toMatchObject({
        status: 400,
        detail: expect.stringContaining('Next-Router-State-Tree'),
      });
    }
  });
});

it('knows the actions of its build, which need a form', () => {
  expect(post({ 'next-action': action, 'content-length': '2' })).toBe(200);
  expect(post({ 'next-action': action })).toBe(400);
  for (const unknown of ['', 'x', '../x', '7f'.repeat(20), `${action}, ${action}`]) {
    expect(post({ 'next-action': unknown, 'content-length': '2' })).toBe(404);
  }
  // Next looks at it in a POST alone.
  expect(status({ url: '/', headers: { 'next-action': 'x' } })).toBe(200);
});
