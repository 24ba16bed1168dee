import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { expect, it, vi } from 'vitest';
import { writeSession } from '@/lib/server/session-cookie';
import { viewerOf } from '@/lib/server/viewer';
import { handOver } from './hand-over';

vi.mock('@/lib/env', () => ({ env: () => settings, logSettings: () => ({ level: 'silent' }) }));

const settings = {
  NODE_ENV: 'production',
  NEXTAUTH_URL: 'http://localhost:3000',
  NEXTAUTH_SECRET: 'x'.repeat(32),
  COGNITO_DOMAIN: 'https://sign-in.example',
  ANNEX_STUDIO_ORIGIN: 'https://studio.example',
} as const;

const now = Math.floor(Date.now() / 1000);
const ada = {
  sub: 'ada',
  email: 'ada@foo.example',
  tenantId: 'foo',
  sellerId: null,
  roles: ['scientist'],
  issuedAt: now,
  expiresAt: now + 3600,
  signedInAt: 0,
  refreshToken: 'r',
} as const;
const bea = { ...ada, sub: 'bea', tenantId: 'bar' };

/** What Next and the browser are told of a request. */
async function handedOver(url: string, headers: Record<string, string> = {}, method = 'GET') {
  const answer: OutgoingHttpHeaders = {};
  const request = { url, method, headers: { ...headers } };
  const response = { setHeader: (name: string, value: string) => Object.assign(answer, { [name]: value }) };
  await handOver(request as unknown as IncomingMessage, response as unknown as ServerResponse, settings);
  return { told: request.headers as Record<string, string>, answer };
}

async function cookieOf(person: typeof ada | typeof bea, viewer?: string): Promise<string> {
  const to = { portalUrl: settings.NEXTAUTH_URL, secret: settings.NEXTAUTH_SECRET };
  const pairs = (await writeSession(new Map(), person, to)).map(({ name, value }) => `${name}=${value}`);
  return [...pairs, ...(viewer === undefined ? [] : [`annex.viewer=${viewer}`])].join('; ');
}

const toProxy = async (headers: Record<string, string>, method = 'GET') =>
  (await handedOver('/customers', headers, method)).told['x-annex-proxy'] === '1';

it('gives each request an id, an address and a nonce of its own, whatever the client sent', async () => {
  const sent = {
    'x-request-id': 'chosen-by-the-client',
    'x-annex-path': '/elsewhere',
    'x-nonce': 'known',
    'x-annex-proxy': '1',
    'content-security-policy': "script-src 'nonce-known'",
  };
  const ask = () => handedOver('/customers?band=low&_rsc=1', sent);
  const [first, second] = await Promise.all([ask(), ask()]);
  for (const { told, answer } of [first, second]) {
    expect(told['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(told['x-annex-path']).toBe('/customers?band=low');
    expect(told['content-security-policy']).toContain(`'nonce-${told['x-nonce']}'`);
    expect(told).not.toHaveProperty('x-annex-proxy');
    expect(answer).toEqual({
      'x-request-id': told['x-request-id'],
      'content-security-policy': told['content-security-policy'],
    });
  }
  expect(first.told['x-request-id']).not.toBe(second.told['x-request-id']);
  expect(first.told['x-nonce']).not.toBe(second.told['x-nonce']);
});

it.each(['/favicon.ico', '/icon.svg', '/_next/static/chunks/a.js'])('leaves %s as it is', async (url) => {
  const { told, answer } = await handedOver(url, { 'x-annex-proxy': '1' });
  expect(told).toEqual({});
  expect(answer).toEqual({});
});

it('keeps the upload of an order file from the proxy, which would copy it', async () => {
  const headers = { cookie: await cookieOf(ada), 'content-type': 'multipart/form-data; boundary=x' };
  const marked = async (url: string) => 'x-annex-proxy' in (await handedOver(url, headers, 'POST')).told;
  expect(await marked('/customers/import/file')).toBe(false);
  for (const url of ['/customers/import/file/', '/customers/import/fileX', '/x/customers/import/file'])
    expect(await marked(url), url).toBe(true);
});

it('lets the proxy see who is new to the browser, and who is not signed in any more', async () => {
  expect(await toProxy({})).toBe(false);
  expect(await toProxy({ cookie: 'annex.viewer=' })).toBe(false);
  expect(await toProxy({ cookie: `annex.viewer=${viewerOf(ada)}` })).toBe(true);
  expect(await toProxy({ cookie: await cookieOf(ada) })).toBe(true);
  expect(await toProxy({ cookie: await cookieOf(bea, viewerOf(ada)) })).toBe(true);
  expect(await toProxy({ cookie: await cookieOf(ada, viewerOf(ada)) })).toBe(false);
});

it('lets the proxy see a session that is due, and a page of somebody else', async () => {
  const cookie = await cookieOf(ada, viewerOf(ada));
  expect(await toProxy({ cookie, 'x-annex-viewer': viewerOf(ada) })).toBe(false);
  expect(await toProxy({ cookie, 'x-annex-viewer': viewerOf(bea) })).toBe(true);
  expect(
    await toProxy({
      cookie: await cookieOf({ ...ada, issuedAt: now - 3541, expiresAt: now + 59 }, viewerOf(ada)),
    }),
  ).toBe(true);
});

it('lets the proxy see the forms of actions', async () => {
  const form = { 'content-type': 'multipart/form-data; boundary=x' };
  expect(await toProxy(form, 'POST')).toBe(true);
  expect(await toProxy({ 'next-action': 'ab' }, 'POST')).toBe(true);
  expect(await toProxy({ 'content-type': 'application/x-www-form-urlencoded' }, 'POST')).toBe(false);
  expect(await toProxy(form)).toBe(false);
});
