import { describe, expect, it } from 'vitest';
import {
  type CookieChange,
  readSession,
  type Session,
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

  it('is a secure one behind https', async () => {
    const changes = await writeSession(new Map(), sessionWith('x'), {
      portalUrl: 'https://annex.example',
      secret,
    });
    expect(changes[0]).toMatchObject({
      name: '__Secure-next-auth.session-token',
      options: { secure: true, httpOnly: true },
    });
  });
});
