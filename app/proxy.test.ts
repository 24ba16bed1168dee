import { unstable_doesMiddlewareMatch } from 'next/experimental/testing/server';
import { NextRequest } from 'next/server';
import { expect, it, vi } from 'vitest';

vi.mock('@/lib/env', () => ({ env: () => ({ NEXTAUTH_URL: 'http://localhost:3000' }) }));
vi.mock('@/lib/server/renewal', () => ({ renewSession: async () => [] }));
vi.mock('@/lib/server/security-headers', () => ({
  contentSecurityPolicy: () => "default-src 'self'",
  securityHeaders: () => ({}),
}));

const { proxy, config } = await import('@/proxy');
const { default: nextConfig } = await import('@/next.config');

it('gives each request an id of its own, whatever the client sent', async () => {
  const sent = { 'x-request-id': 'chosen-by-the-client', 'x-annex-path': '/elsewhere' };
  const ask = () => proxy(new NextRequest('http://localhost:3000/customers?band=low', { headers: sent }));
  const [first, second] = await Promise.all([ask(), ask()]);
  for (const answer of [first, second]) {
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    // How Next hands headers on to the server code of the same request.
    expect(answer.headers.get('x-middleware-request-x-request-id')).toBe(answer.headers.get('x-request-id'));
    expect(answer.headers.get('x-middleware-request-x-annex-path')).toBe('/customers?band=low');
  }
  expect(first.headers.get('x-request-id')).not.toBe(second.headers.get('x-request-id'));
});

it.each([
  ['/customers', true],
  ['/_next/image', true],
  ['/_next/imageX', true],
  ['/_next/data/x.json', true],
  ['/favicon.icon', true],
  ['/favicon.ico', false],
  ['/icon.svg', false],
  ['/_next/static/chunks/a.js', false],
] as const)('runs before %s: %s', (path, runs) => {
  expect(unstable_doesMiddlewareMatch({ config, nextConfig: {}, url: `http://localhost:3000${path}` })).toBe(
    runs,
  );
});

it('resizes no pictures, which no page has', () => {
  expect(nextConfig.images).toEqual({ unoptimized: true });
});

it('refuses a form that cannot be read, and hands others on whole', async () => {
  const post = (body: string, type = 'multipart/form-data; boundary=x') =>
    proxy(
      new NextRequest('http://localhost:3000/model', {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      }),
    );
  const field = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n';
  for (const refused of [await post('zzz'), await post(''), await post(field, 'multipart/form-data')]) {
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Nothing was changed');
  }
  expect((await post(field)).status).toBe(200);
  expect((await post('zzz', 'text/plain')).status).toBe(200);
});
