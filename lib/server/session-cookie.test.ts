import { describe, expect, it } from 'vitest';
import {
  type CookieChange,
  readSession,
  type Session,
  serializeCookie,
  sessionCookieName,
  writeSession,
} from './session-cookie';

const secret = 'a-secret-of-more-than-thirty-two-characters';
const portalUrl = 'http://localhost:3000';
const name = sessionCookieName(portalUrl);
const to = { portalUrl, secret };

const sessionWith = (refreshToken: string): Session => ({
  sub: 'sub',
  email: 'ada@foo.example',
  tenantId: 'foo',
  sellerId: null,
  roles: ['scientist'],
  issuedAt: 1,
  expiresAt: 3601,
  signedInAt: 7,
  refreshToken,
});

/** What a browser has after the changes. */
function applied(
  cookies: ReadonlyMap<string, string>,
  changes: readonly CookieChange[],
): Map<string, string> {
  const jar = new Map(cookies);
  for (const change of changes) {
    if (change.options.maxAge === 0) jar.delete(change.name);
    else jar.set(change.name, change.value);
  }
  return jar;
}

describe('the session cookie', () => {
  it('comes back as it was, in one piece', async () => {
    const jar = applied(new Map(), await writeSession(new Map(), sessionWith('short'), to));
    expect([...jar.keys()]).toEqual([name]);
    expect(await readSession(jar, name, secret)).toEqual(sessionWith('short'));
  });

  it('comes back in chunks that a browser takes, with a refresh token as long as Cognito’s', async () => {
    const long = sessionWith('r'.repeat(5000));
    const jar = applied(new Map(), await writeSession(new Map(), long, to));
    expect([...jar.keys()]).toEqual([`${name}.0`, `${name}.1`]);
    for (const [key, value] of jar) expect(key.length + value.length).toBeLessThan(4096);
    expect(await readSession(jar, name, secret)).toEqual(long);
  });

  it('leaves no chunk behind when it shrinks, grows or goes', async () => {
    let jar = new Map([['other', 'kept']]);
    for (const [length, count] of [
      [9000, 4],
      [100, 1],
      [5000, 2],
    ] as const) {
      jar = applied(jar, await writeSession(jar, sessionWith('r'.repeat(length)), to));
      expect([...jar.keys()].filter((key) => key.startsWith(name))).toHaveLength(count);
      expect((await readSession(jar, name, secret))?.refreshToken).toHaveLength(length);
    }
    jar = applied(jar, await writeSession(jar, null, to));
    expect([...jar.keys()]).toEqual(['other']);
    const [removal] = await writeSession(new Map([[name, 'x']]), null, to);
    expect(removal?.options).toMatchObject({ maxAge: 0, expires: new Date(0) });
  });

  it('is nothing when it was tampered with, sealed with another secret, or made for something else', async () => {
    const jar = applied(new Map(), await writeSession(new Map(), sessionWith('short'), to));
    expect(await readSession(jar, name, `${secret}!`)).toBeNull();
    expect(
      await readSession(new Map([[name, `${jar.get(name)?.slice(0, -3)}abc`]]), name, secret),
    ).toBeNull();
    expect(await readSession(new Map(), name, secret)).toBeNull();
  });

  it('belongs to the portal’s own host behind https, and removes those of earlier names', async () => {
    const portalUrl = 'https://annex.example';
    const earlier = ['__Secure-next-auth.session-token.0', '__Secure-next-auth.session-token.1'];
    const jar = new Map(['next-auth.session-token', ...earlier, 'other'].map((key) => [key, 'x']));
    const [written, ...removed] = await writeSession(jar, sessionWith('x'), { portalUrl, secret });
    expect(written?.name).toBe('__Host-next-auth.session-token');
    expect(serializeCookie(written as CookieChange)).toMatch(
      /^__Host-next-auth\.session-token=[^;]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(removed.map(({ name, options }) => [name, options.maxAge, options.secure])).toEqual([
      ['next-auth.session-token', 0, true],
      ...earlier.map((key) => [key, 0, true]),
    ]);
    // Next repeats the line without `Max-Age=0` where the proxy set cookies, too.
    expect(serializeCookie(removed[0] as CookieChange)).toMatch(
      /^next-auth\.session-token=; Path=\/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; /,
    );
  });
});
