import { unstable_doesMiddlewareMatch } from 'next/experimental/testing/server';
import { NextRequest } from 'next/server';
import { expect, it, vi } from 'vitest';

const settings = vi.hoisted(() => ({
  NEXTAUTH_URL: 'http://localhost:3000',
  NEXTAUTH_SECRET: 'a-secret-of-more-than-thirty-two-characters',
}));
vi.mock('@/lib/env', () => ({ env: () => settings, logSettings: () => ({ level: 'silent' }) }));
const renewSession = vi.hoisted(() => vi.fn(async () => []));
vi.mock('@/lib/server/renewal', () => ({ renewSession }));

const { proxy, config } = await import('@/proxy');
const { default: nextConfig } = await import('@/next.config');
const { writeSession } = await import('@/lib/server/session-cookie');
const { viewerOf } = await import('@/lib/server/viewer');

const ada = {
  sub: 'ada',
  email: 'ada@foo.example',
  tenantId: 'foo',
  sellerId: null,
  roles: ['scientist'],
  issuedAt: 0,
  expiresAt: 1,
  signedInAt: 0,
  refreshToken: 'r',
} as const;
const bea = { ...ada, sub: 'bea', email: 'bea@bar.example', tenantId: 'bar' };

/** The answer to a request with the session of `person` and the cookie and the header of `cookie` and `header`. */
async function asked(person: typeof ada | typeof bea | null, cookie?: string, header?: string) {
  const to = { portalUrl: settings.NEXTAUTH_URL, secret: settings.NEXTAUTH_SECRET };
  const session = person ? await writeSession(new Map(), person, to) : [];
  const pairs = session.map(({ name, value }) => `${name}=${value}`);
  if (cookie) pairs.push(`annex.viewer=${cookie}`);
  const headers = { cookie: pairs.join('; '), ...(header && { 'x-annex-viewer': header }) };
  return proxy(new NextRequest('http://localhost:3000/customers', { headers }));
}

it.each([
  ['/customers', { 'x-annex-proxy': '1' }, true],
  ['/', { 'x-annex-proxy': '1' }, true],
  ['/customers', {}, false],
  ['/_next/data/x.json', {}, false],
] as const)('runs before %s with %o: %s', (path, headers, runs) => {
  const url = `http://localhost:3000${path}`;
  expect(unstable_doesMiddlewareMatch({ config, nextConfig: {}, url, headers })).toBe(runs);
});

it('renews no session that is signed out of: the sign-in service may hang', async () => {
  renewSession.mockClear();
  await proxy(new NextRequest('http://localhost:3000/sign-out', { method: 'POST' }));
  expect(renewSession).not.toHaveBeenCalled();
  for (const path of ['/customers', '/sign-out', '/sign-out/x'])
    await proxy(new NextRequest(`http://localhost:3000${path}`));
  expect(renewSession).toHaveBeenCalledTimes(3);
});

it('resizes no pictures, which no page has', () => {
  expect(nextConfig.images).toEqual({ unoptimized: true });
});

it('tells the pages in a browser who is signed in, and when nobody is any more', async () => {
  const cookieOf = (answer: Awaited<ReturnType<typeof asked>>) => answer.cookies.get('annex.viewer');
  expect(cookieOf(await asked(ada))).toMatchObject({ value: viewerOf(ada), path: '/' });
  expect(cookieOf(await asked(ada))?.httpOnly).toBeFalsy();
  expect(cookieOf(await asked(ada, viewerOf(ada)))).toBeUndefined();
  expect(cookieOf(await asked(bea, viewerOf(ada)))).toMatchObject({ value: viewerOf(bea) });
  expect(cookieOf(await asked(null, viewerOf(ada)))).toMatchObject({ value: '', maxAge: 0 });
  expect(cookieOf(await asked(null))).toBeUndefined();
});

it('refuses what a page of somebody else asks for, and says who is signed in', async () => {
  const refused = await asked(bea, viewerOf(bea), viewerOf(ada));
  expect(refused.status).toBe(409);
  expect(refused.headers.has('x-annex-viewer')).toBe(true);
  expect(refused.headers.get('cache-control')).toBe('no-store');
  expect(await refused.json()).toMatchObject({
    code: 'conflict',
    detail: expect.stringContaining('You are signed in as bea@bar.example now'),
  });
  for (const passed of [
    await asked(ada, viewerOf(ada), viewerOf(ada)),
    await asked(bea, viewerOf(bea)),
    // The page or route says that nobody is signed in.
    await asked(null, undefined, viewerOf(ada)),
  ]) {
    expect(passed.headers.get('x-middleware-next')).toBe('1');
  }
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
  const field = (name: string) =>
    `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\nb\r\n--x--\r\n`;
  const call = field('$ACTION_ID_ab');
  const wrong = [post('zzz'), post(''), post(call, 'multipart/form-data'), post(field('a'))];
  for (const refused of await Promise.all(wrong)) {
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Nothing was changed');
  }
  expect((await post(call)).status).toBe(200);
  expect((await post('zzz', 'text/plain')).status).toBe(200);
});
