import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { withControl } from '@/lib/db/core/control-scope';
import { startTestDatabase } from '@/local/testing/database';
import { PortalBrowser, portalSettings } from '@/local/testing/portal-browser';
import type { TestDatabase } from '@/local/testing/postgres';
import { nobodysOrigin, signIn, startPool, type TestPool } from '@/local/testing/user-pool';

// The log reads its level when it is loaded.
vi.hoisted(() => vi.stubEnv('LOG_LEVEL', 'silent'));
const people = vi.hoisted(() => ({ fail: false }));
vi.mock('./people', async (importOriginal) => {
  const original = await importOriginal<typeof import('./people')>();
  const orFail =
    <A extends unknown[], R>(run: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      if (people.fail) throw new Error('the database is down: password=hunter2');
      return run(...given);
    };
  return {
    ...original,
    beginSession: orFail(original.beginSession),
    endAllSessions: orFail(original.endAllSessions),
  };
});

const portal = 'http://localhost:3997';
const scientist = 'scientist@foo.example';
let pool: TestPool;
let database: TestDatabase;

const browser = () => new PortalBrowser(portal, pool);

beforeAll(async () => {
  database = await startTestDatabase(['foo', 'bar']);
  pool = await startPool({ portals: [portal], tokenSeconds: 60 });
  await pool.addDemoUsers();
  for (const [name, value] of Object.entries(portalSettings(portal, pool))) vi.stubEnv(name, value);
});
beforeEach(() => {
  people.fail = false;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await pool?.stop();
  await database?.stop();
});

describe('signing in', () => {
  it('goes to the hosted UI with PKCE, state and nonce', async () => {
    const start = await browser().send('/sign-in?callbackUrl=/workbench');
    expect(start.status).toBe(303);
    const url = new URL(start.headers.get('location') ?? '');
    expect(url.origin + url.pathname).toBe(`${pool.origin}/oauth2/authorize`);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) expect(url.searchParams.get(name)).toBeTruthy();
  });

  it('ends with a session of the verified claims, and where the person wanted to go', async () => {
    const mine = browser();
    expect((await mine.signIn(scientist, '/workbench?step=2')).href).toBe(`${portal}/workbench?step=2`);
    expect(await mine.session()).toMatchObject({ email: scientist, tenantId: 'foo', roles: ['scientist'] });
    expect(await withControl((tx) => tx.appUser.findFirst({ where: { email: scientist } }))).toMatchObject({
      tenantId: 'foo',
      roles: ['scientist'],
    });
  });

  it('never leads away from Annex', async () => {
    expect((await browser().signIn(scientist, 'https://evil.example/')).href).toBe(`${portal}/`);
  });

  it('lets the browser know who is signed in and no token', async () => {
    const mine = browser();
    await mine.signIn(scientist);
    const answer = await mine.send('/api/auth/session');
    expect(answer.headers.getSetCookie()).toEqual([]);
    const text = await answer.text();
    expect(JSON.parse(text).user).toEqual({ email: scientist, tenantId: 'foo', roles: ['scientist'] });
    expect(text).not.toContain((await mine.session())?.refreshToken);
  });

  it('answers a script’s fetch without a redirect to another origin', async () => {
    const start = await browser().send('/sign-in', { headers: { 'sec-fetch-mode': 'cors' } });
    expect(start.status).toBe(204);
    expect(start.headers.getSetCookie()).toEqual([]);
  });
});

describe('the rest of next-auth', () => {
  const json = { 'content-type': 'application/json' };

  it.each(['_log', 'signin/cognito', 'signout', 'session', 'callback/cognito'])(
    'is not there to be posted to: %s',
    async (path) => {
      for (const body of ['{"level":"error","code":"a stranger"}', '{"level":']) {
        const answer = browser().send(`/api/auth/${path}`, { body, headers: json });
        await expect(answer).rejects.toMatchObject({ code: 'not_found' });
      }
    },
  );

  it.each(['csrf', 'providers', 'signin', 'signout', 'error', 'verify-request', 'callback/another'])(
    'is not there to be read: %s',
    async (path) => {
      await expect(browser().send(`/api/auth/${path}`)).rejects.toMatchObject({ code: 'not_found' });
    },
  );

  it('does not stumble over a body that is no form', async () => {
    const start = await browser().send('/sign-in', { body: '{"callbackUrl":', headers: json });
    expect(start.headers.get('location')).toContain(`${pool.origin}/oauth2/authorize`);
  });
});

describe('a sign-in that fails', () => {
  const failure = async (run: (mine: PortalBrowser) => Promise<Response>) => {
    const mine = browser();
    const location = new URL((await run(mine)).headers.get('location') ?? '');
    expect(location.pathname).toBe('/auth-error');
    expect(await mine.session()).toBeNull();
    return location.searchParams;
  };

  it('for a state of another sign-in', async () => {
    const query = await failure(async (mine) => {
      const start = await mine.send('/sign-in', { form: { callbackUrl: '/workbench' } });
      const back = await signIn(mine.hostedUi, pool, start.headers.get('location') ?? '', scientist);
      back.searchParams.set('state', 'another');
      return mine.send(back.pathname + back.search);
    });
    expect(query.get('error')).toBe('OAuthCallback');
    expect(query.get('callbackUrl')).toBe('/workbench');
  });

  it('for a callback that another browser began', async () => {
    const query = await failure(async (mine) => {
      const start = await browser().send('/sign-in', { form: {} });
      const back = await signIn(mine.hostedUi, pool, start.headers.get('location') ?? '', scientist);
      return mine.send(back.pathname + back.search);
    });
    expect(query.get('error')).toBe('OAuthCallback');
  });

  it('when it was cancelled', async () => {
    const query = await failure((mine) =>
      mine.send('/api/auth/callback/cognito?error=access_denied&state=x'),
    );
    expect(query.get('error')).toBe('Cancelled');
  });

  it('when the user’s row cannot be written, without a word of why', async () => {
    people.fail = true;
    const query = await failure(async (mine) => {
      const location = await mine.signIn(scientist);
      return new Response(null, { headers: { location: location.href } });
    });
    expect(query.get('error')).toBe('Callback');
    expect(query.toString()).not.toContain('hunter2');
    expect(query.get('reference')).toBeTruthy();
  });
});

describe('signing out', () => {
  it('ends the session here, the tokens, and the hosted UI’s session', async () => {
    const mine = browser();
    await mine.signIn(scientist);
    const refreshToken = (await mine.session())?.refreshToken ?? '';
    const answer = await mine.signOut();
    expect(answer.status).toBe(303);
    expect(await mine.session()).toBeNull();
    const { createUserPool, RefreshRefused } = await import('./cognito');
    const { env } = await import('@/lib/env');
    await expect(createUserPool(env()).refresh(refreshToken)).rejects.toBeInstanceOf(RefreshRefused);
    const end = await mine.hostedUi.request(answer.headers.get('location') ?? '');
    expect(end.headers.get('location')).toBe(`${portal}/signed-out`);
    const start = await mine.send('/sign-in', { form: {} });
    const again = await mine.hostedUi.follow(start.headers.get('location') ?? '', portal);
    expect(await again.response?.text()).toContain('Password');
  });

  it('does nothing for another site', async () => {
    const mine = browser();
    await mine.signIn(scientist);
    const answer = await mine.send('/sign-out', { form: {}, headers: { origin: 'https://evil.example' } });
    expect(answer.headers.get('location')).toBe(`${portal}/`);
    expect(await mine.session()).not.toBeNull();
  });

  it('says that it is not complete when the sessions cannot be ended, and removes this one', async () => {
    const mine = browser();
    await mine.signIn(scientist);
    people.fail = true;
    const answer = await mine.signOut();
    expect(answer.headers.get('location')).toBe(`${portal}/auth-error?error=SignOutIncomplete`);
    expect(await mine.session()).toBeNull();
  });
});

it('says that a pool cannot be reached', async () => {
  const { createUserPool, RefreshRefused } = await import('./cognito');
  const { env } = await import('@/lib/env');
  const refresh = createUserPool({ ...env(), COGNITO_ISSUER: await nobodysOrigin() }).refresh('x');
  await expect(refresh).rejects.toThrow();
  await expect(refresh).rejects.not.toBeInstanceOf(RefreshRefused);
});
