import { NextRequest } from 'next/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { nobodysOrigin, signIn, startPool, TestBrowser, type TestPool } from '@/local/testing/user-pool';
import type { Identity } from './claims';
import { readSession, sessionCookieName } from './session-cookie';

const recorded: Identity[] = [];
const people = vi.hoisted(() => ({ fail: false }));
vi.mock('./people', () => ({
  recordPerson: async (identity: Identity) => {
    if (people.fail) throw new Error('the database is down: password=hunter2');
    recorded.push(identity);
  },
}));

const portal = 'http://localhost:3997';
const secret = 'a-secret-of-more-than-thirty-two-characters';
const scientist = 'scientist@foo.example';
let pool: TestPool;

/** The portal's end of a browser: what Next's routes and proxy would do with its requests. */
class Portal {
  readonly jar = new Map<string, string>();
  readonly browser = new TestBrowser();

  async send(
    path: string,
    init: { form?: Record<string, string>; body?: string; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const { serveNextAuth, signOut, startSignIn } = await import('./sign-in');
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const request = new NextRequest(new URL(path, portal), {
      headers: { cookie, ...init.headers },
      ...(init.form && { method: 'POST', body: new URLSearchParams(init.form) }),
      ...(init.body !== undefined && { method: 'POST', body: init.body }),
    });
    const { pathname } = request.nextUrl;
    const serve = pathname === '/sign-in' ? startSignIn : pathname === '/sign-out' ? signOut : null;
    const response = await (serve ? serve(request) : serveNextAuth(request, pathname.split('/').slice(3)));
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0(;|$)/i.test(line)) this.jar.delete(name);
      else this.jar.set(name, decodeURIComponent(value));
    }
    return response;
  }

  /** Landing page → hosted UI → callback; returns where the callback sends the browser. */
  async signIn(email: string, callbackUrl = '/customers'): Promise<URL> {
    const start = await this.send('/sign-in', { form: { callbackUrl } });
    const back = await signIn(this.browser, pool, start.headers.get('location') ?? '', email);
    const end = await this.send(back.pathname + back.search);
    return new URL(end.headers.get('location') ?? '');
  }

  session() {
    return readSession(this.jar, sessionCookieName(portal), secret);
  }
}

beforeAll(async () => {
  pool = await startPool({ portals: [portal], tokenSeconds: 60 });
  await pool.addDemoUsers();
  const settings = {
    NEXTAUTH_URL: portal,
    NEXTAUTH_SECRET: secret,
    LOG_LEVEL: 'silent',
    DATABASE_URL: 'postgresql://localhost/none',
    COGNITO_ISSUER: pool.issuer,
    COGNITO_DOMAIN: pool.origin,
    COGNITO_CLIENT_ID: pool.clientId,
    COGNITO_CLIENT_SECRET: pool.clientSecret,
    AWS_REGION: 'us-east-1',
    ANNEX_WORKBENCH_TABLE: 't',
    ANNEX_EXTRACTS_TABLE: 't',
    ANNEX_EXTRACT_JOB: 'j',
    DATABASE_REPLICA_URL: 'postgresql://x:y@127.0.0.1:1/z',
    ANNEX_JOBS_QUEUE_URL: 'http://localhost/q',
    ANNEX_EVENTS_QUEUE_URL: 'http://localhost/e',
    ANNEX_TENANT_ROLE_ARN: 'arn',
    ANNEX_TENANT_ACCOUNT_ROLE: 'r',
    ANNEX_STACK_SET: 's',
    ANNEX_ML_OU: 'o',
    ANNEX_ACCOUNT_EMAIL: 'aws+{tenant}@xyz.example',
    ANNEX_STUDIO_ORIGIN: 'http://localhost:4566',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
});
beforeEach(() => {
  people.fail = false;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await pool.stop();
});

describe('signing in', () => {
  it('goes to the hosted UI with PKCE, state and nonce', async () => {
    const start = await new Portal().send('/sign-in?callbackUrl=/workbench');
    expect(start.status).toBe(303);
    const url = new URL(start.headers.get('location') ?? '');
    expect(url.origin + url.pathname).toBe(`${pool.origin}/oauth2/authorize`);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) expect(url.searchParams.get(name)).toBeTruthy();
  });

  it('ends with a session of the verified claims, and where the person wanted to go', async () => {
    const mine = new Portal();
    expect((await mine.signIn(scientist, '/workbench?step=2')).href).toBe(`${portal}/workbench?step=2`);
    expect(await mine.session()).toMatchObject({ email: scientist, tenantId: 'foo', roles: ['scientist'] });
    expect(recorded.at(-1)).toMatchObject({ email: scientist, tenantId: 'foo' });
  });

  it('never leads away from Annex', async () => {
    expect((await new Portal().signIn(scientist, 'https://evil.example/')).href).toBe(`${portal}/`);
  });

  it('lets the browser know who is signed in and no token', async () => {
    const mine = new Portal();
    await mine.signIn(scientist);
    const answer = await mine.send('/api/auth/session');
    expect(answer.headers.getSetCookie()).toEqual([]);
    const text = await answer.text();
    expect(JSON.parse(text).user).toEqual({ email: scientist, tenantId: 'foo', roles: ['scientist'] });
    expect(text).not.toContain((await mine.session())?.refreshToken);
  });

  it('answers a script’s fetch without a redirect to another origin', async () => {
    const start = await new Portal().send('/sign-in', { headers: { 'sec-fetch-mode': 'cors' } });
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
        const answer = new Portal().send(`/api/auth/${path}`, { body, headers: json });
        await expect(answer).rejects.toMatchObject({ code: 'not_found' });
      }
    },
  );

  it.each(['csrf', 'providers', 'signin', 'signout', 'error', 'verify-request', 'callback/another'])(
    'is not there to be read: %s',
    async (path) => {
      await expect(new Portal().send(`/api/auth/${path}`)).rejects.toMatchObject({ code: 'not_found' });
    },
  );

  it('does not stumble over a body that is no form', async () => {
    const start = await new Portal().send('/sign-in', { body: '{"callbackUrl":', headers: json });
    expect(start.headers.get('location')).toContain(`${pool.origin}/oauth2/authorize`);
  });
});

describe('a sign-in that fails', () => {
  const failure = async (run: (mine: Portal) => Promise<Response>) => {
    const mine = new Portal();
    const location = new URL((await run(mine)).headers.get('location') ?? '');
    expect(location.pathname).toBe('/auth-error');
    expect(await mine.session()).toBeNull();
    return location.searchParams;
  };

  it('for a state of another sign-in', async () => {
    const query = await failure(async (mine) => {
      const start = await mine.send('/sign-in', { form: { callbackUrl: '/workbench' } });
      const back = await signIn(mine.browser, pool, start.headers.get('location') ?? '', scientist);
      back.searchParams.set('state', 'another');
      return mine.send(back.pathname + back.search);
    });
    expect(query.get('error')).toBe('OAuthCallback');
    expect(query.get('callbackUrl')).toBe('/workbench');
  });

  it('for a callback that another browser began', async () => {
    const query = await failure(async (mine) => {
      const start = await new Portal().send('/sign-in', { form: {} });
      const back = await signIn(mine.browser, pool, start.headers.get('location') ?? '', scientist);
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

describe('renewing', () => {
  const renewed = async (mine: Portal) => {
    const { renewSession } = await import('./renewal');
    return renewSession(mine.jar, 'a-request');
  };
  /** A session whose tokens are about to end. */
  async function dueSession() {
    const mine = new Portal();
    await mine.signIn(scientist);
    const { writeSession } = await import('./session-cookie');
    const session = await mine.session();
    if (!session) throw new Error('no session');
    const due = { ...session, expiresAt: Math.floor(Date.now() / 1000) };
    for (const { name, value } of await writeSession(mine.jar, due, { portalUrl: portal, secret }))
      mine.jar.set(name, value);
    return mine;
  }

  it('leaves a fresh session alone', async () => {
    const mine = new Portal();
    await mine.signIn(scientist);
    expect(await renewed(mine)).toEqual([]);
  });

  it('takes the claims of now', async () => {
    const mine = await dueSession();
    await pool.call('AdminAddUserToGroup', { Username: scientist, GroupName: 'member' });
    const changes = await renewed(mine);
    await pool.call('AdminRemoveUserFromGroup', { Username: scientist, GroupName: 'member' });
    const jar = new Map(changes.map(({ name, value }) => [name, value]));
    expect(await readSession(jar, sessionCookieName(portal), secret)).toMatchObject({
      roles: ['scientist', 'member'],
    });
  });

  it('ends the session, and says so, when Cognito refuses', async () => {
    const mine = await dueSession();
    await pool.call('AdminUserGlobalSignOut', { Username: scientist });
    const changes = await renewed(mine);
    expect(changes).toContainEqual(expect.objectContaining({ name: sessionCookieName(portal), value: '' }));
    expect(changes).toContainEqual(
      expect.objectContaining({ name: 'annex.session-ended', value: 'expired' }),
    );
  });
});

describe('signing out', () => {
  it('ends the session here, the tokens, and the hosted UI’s session', async () => {
    const mine = new Portal();
    await mine.signIn(scientist);
    const refreshToken = (await mine.session())?.refreshToken ?? '';
    const answer = await mine.send('/sign-out', { form: {}, headers: { origin: portal } });
    expect(answer.status).toBe(303);
    expect(await mine.session()).toBeNull();
    const { createUserPool, RefreshRefused } = await import('./cognito');
    const { env } = await import('@/lib/env');
    await expect(createUserPool(env()).refresh(refreshToken)).rejects.toBeInstanceOf(RefreshRefused);
    const end = await mine.browser.request(answer.headers.get('location') ?? '');
    expect(end.headers.get('location')).toBe(`${portal}/signed-out`);
    const start = await mine.send('/sign-in', { form: {} });
    const again = await mine.browser.follow(start.headers.get('location') ?? '', portal);
    expect(await again.response?.text()).toContain('Password');
  });

  it('does nothing for another site', async () => {
    const mine = new Portal();
    await mine.signIn(scientist);
    const answer = await mine.send('/sign-out', { form: {}, headers: { origin: 'https://evil.example' } });
    expect(answer.headers.get('location')).toBe(`${portal}/`);
    expect(await mine.session()).not.toBeNull();
  });
});

it('says that a pool cannot be reached', async () => {
  const { createUserPool, RefreshRefused } = await import('./cognito');
  const { env } = await import('@/lib/env');
  const refresh = createUserPool({ ...env(), COGNITO_ISSUER: await nobodysOrigin() }).refresh('x');
  await expect(refresh).rejects.toThrow();
  await expect(refresh).rejects.not.toBeInstanceOf(RefreshRefused);
});
