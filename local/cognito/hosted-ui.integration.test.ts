import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsNames } from '../aws-names';
import {
  authorizationUrl,
  signIn,
  startPool,
  TestBrowser,
  type TestPool,
  tokenRequest,
  tokensOf,
} from '../testing/user-pool';

let pool: TestPool;
const scientist = 'scientist@foo.example';

beforeAll(async () => {
  pool = await startPool();
  await pool.addDemoUsers();
});
afterAll(() => pool.stop());

const verify = (token: string, options: object = {}) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${pool.issuer}/.well-known/jwks.json`)), {
    issuer: pool.issuer,
    ...options,
  });

describe('discovery', () => {
  it('names the endpoints on the domain and the keys at the issuer', async () => {
    const document = await (await fetch(`${pool.issuer}/.well-known/openid-configuration`)).json();
    expect(document).toMatchObject({
      issuer: pool.issuer,
      authorization_endpoint: `${pool.origin}/oauth2/authorize`,
      token_endpoint: `${pool.origin}/oauth2/token`,
      jwks_uri: `${pool.issuer}/.well-known/jwks.json`,
    });
    const keys = await (await fetch(document.jwks_uri)).json();
    expect(keys.keys).toHaveLength(1);
    expect(keys.keys[0]).not.toHaveProperty('d');
  });
});

describe('authorization code flow', () => {
  it('gives tokens with Cognito’s claims', async () => {
    const { status, body } = await tokensOf(pool, scientist);
    expect(status).toBe(200);
    const user = await pool.cognito.users.get(scientist);
    const id = await verify(body.id_token ?? '', { audience: awsNames.clientId });
    expect(id.protectedHeader.alg).toBe('RS256');
    expect(id.payload).toMatchObject({
      sub: user.sub,
      email: scientist,
      email_verified: true,
      'cognito:username': user.sub,
      'cognito:groups': ['scientist'],
      'custom:tenant_id': 'foo',
      token_use: 'id',
      nonce: 'a-nonce',
      auth_time: expect.any(Number),
    });
    expect((id.payload.exp ?? 0) - (id.payload.iat ?? 0)).toBe(900);
    const access = await verify(body.access_token ?? '');
    expect(access.payload).toMatchObject({
      sub: user.sub,
      token_use: 'access',
      'cognito:groups': ['scientist'],
      client_id: awsNames.clientId,
    });
    expect(body.refresh_token).toBeTruthy();
  });

  it('brings state and code back', async () => {
    const back = await signIn(new TestBrowser(), pool, authorizationUrl(pool).url, scientist);
    expect(back.searchParams.get('state')).toBe('a-state');
    expect(back.searchParams.get('code')).toBeTruthy();
  });

  it('leaves out the tenant of a user that has none', async () => {
    const { body } = await tokensOf(pool, 'admin@xyz.example');
    const { payload } = await verify(body.id_token ?? '');
    expect(payload).not.toHaveProperty('custom:tenant_id');
    expect(payload['cognito:groups']).toEqual(['admin']);
  });

  it('does not ask for the password again within the hosted UI’s session', async () => {
    const browser = new TestBrowser();
    await tokensOf(pool, scientist, browser);
    const again = await browser.follow(authorizationUrl(pool).url, pool.callbackUrl);
    expect(new URL(again.url).searchParams.get('code')).toBeTruthy();
  });

  it('refuses a request without PKCE, or with the plain method', async () => {
    for (const change of [
      { code_challenge: null, code_challenge_method: null },
      { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' },
    ]) {
      const { url } = await new TestBrowser().follow(authorizationUrl(pool, change).url, pool.callbackUrl);
      expect(new URL(url).searchParams.get('error')).toBe('invalid_request');
    }
  });

  it('refuses the wrong verifier, and a code that was used', async () => {
    const { url, verifier } = authorizationUrl(pool);
    const code = (await signIn(new TestBrowser(), pool, url, scientist)).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: pool.callbackUrl };
    expect((await tokenRequest(pool, { ...form, code_verifier: 'x'.repeat(43) })).body.error).toBe(
      'invalid_grant',
    );
    expect((await tokenRequest(pool, { ...form, code_verifier: verifier })).status).toBe(200);
    expect((await tokenRequest(pool, { ...form, code_verifier: verifier })).body.error).toBe('invalid_grant');
  });

  it('refuses the wrong client secret', async () => {
    const { status } = await tokenRequest(pool, { grant_type: 'refresh_token', refresh_token: 'x' }, 'wrong');
    expect(status).toBe(401);
  });

  it('never redirects to a URL that is not registered', async () => {
    const { url } = authorizationUrl(pool, { redirect_uri: 'https://evil.example/"><script>' });
    const { response } = await new TestBrowser().follow(url, 'https://evil.example');
    expect(response?.status).toBe(400);
    const html = (await response?.text()) ?? '';
    expect(html).toContain('Sign-in cannot start');
    expect(html).not.toContain('<script');
  });
});

describe('sign-in page', () => {
  const open = async (browser: TestBrowser) =>
    (await browser.follow(authorizationUrl(pool).url, pool.callbackUrl)).url;

  it('is a form that needs no script', async () => {
    const browser = new TestBrowser();
    const response = await browser.request(await open(browser));
    const html = await response.text();
    expect(html).toMatch(/<label for="email">Email<\/label>/);
    expect(html).toMatch(/<label for="password">Password<\/label>/);
    expect(html).toMatch(/<button type="submit">Sign in<\/button>/);
    expect(html).toContain('autocomplete="current-password"');
    expect(html).not.toContain('<script');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('content-security-policy')).toContain('http://localhost:3999');
  });

  it('says the same of a wrong password and of a user that does not exist, and escapes what was typed', async () => {
    const pages = [];
    for (const email of [scientist, '"><script>alert(1)</script>@foo.example']) {
      const browser = new TestBrowser();
      const response = await browser.request(await open(browser), {
        form: { email, password: 'not-the-one' },
      });
      expect(response.status).toBe(400);
      pages.push(await response.text());
    }
    expect(pages.map((html) => /role="alert">([^<]*)</.exec(html)?.[1])).toEqual([
      'Incorrect email address or password. Try again, or ask your administrator for a new password.',
      'Incorrect email address or password. Try again, or ask your administrator for a new password.',
    ]);
    expect(pages[1]).not.toContain('<script');
  });

  it('can be tried again after a wrong password', async () => {
    const browser = new TestBrowser();
    const url = await open(browser);
    await browser.request(url, { form: { email: scientist, password: 'not-the-one' } });
    const response = await browser.request(url, {
      form: { email: scientist.toUpperCase(), password: awsNames.demoPassword },
    });
    expect(response.status).toBe(303);
  });

  it('slows guessing down, whether the user exists or not', async () => {
    const browser = new TestBrowser();
    const url = await open(browser);
    const guess = () =>
      browser.request(url, { form: { email: 'nobody@foo.example', password: 'not-the-one' } });
    for (let count = 0; count < 5; count += 1) expect((await guess()).status).toBe(400);
    // The first wait is a second, and each twice the one before: a slow machine may outlast some.
    let response = await guess();
    for (let more = 0; response.status !== 429 && more < 6; more += 1) response = await guess();
    expect(response.status).toBe(429);
    expect(await response.text()).toContain('Too many attempts');
  });

  it('refuses a form from another site', async () => {
    const browser = new TestBrowser();
    const form = { email: scientist, password: awsNames.demoPassword };
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await browser.request(await open(browser), { form, headers })).status).toBe(403);
  });

  it('refuses a form that is too large', async () => {
    const browser = new TestBrowser();
    const form = { email: scientist, password: 'x'.repeat(20_000) };
    const response = await browser.request(await open(browser), { form });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('The form is too large');
  });

  it.each(['//', '///', '//x/', '/%'])('finds nothing at %s', async (path) => {
    expect((await fetch(`${pool.origin}${path}`)).status).toBe(404);
  });

  it('can be cancelled', async () => {
    const browser = new TestBrowser();
    const url = await open(browser);
    const answer = await browser.request(url, { form: { cancel: 'yes' } });
    const back = await browser.follow(
      new URL(answer.headers.get('location') ?? '', url).href,
      pool.callbackUrl,
    );
    expect(new URL(back.url).searchParams.get('error')).toBe('access_denied');
  });

  it('says so when it is gone', async () => {
    const response = await new TestBrowser().request(`${pool.origin}/login/no-such-sign-in`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('Sign-in has expired');
  });

  it('lets two tabs sign in one after the other', async () => {
    const browser = new TestBrowser();
    const first = authorizationUrl(pool);
    const firstLogin = (await browser.follow(first.url, pool.callbackUrl)).url;
    await browser.follow(authorizationUrl(pool).url, pool.callbackUrl);
    const answer = await browser.request(firstLogin, {
      form: { email: scientist, password: awsNames.demoPassword },
    });
    const back = await browser.follow(
      new URL(answer.headers.get('location') ?? '', firstLogin).href,
      pool.callbackUrl,
    );
    expect(new URL(back.url).searchParams.get('code')).toBeTruthy();
  });
});

describe('sign-out', () => {
  it('ends the hosted UI’s session and goes to a registered address', async () => {
    const browser = new TestBrowser();
    await tokensOf(pool, scientist, browser);
    const query = new URLSearchParams({
      client_id: awsNames.clientId,
      logout_uri: 'http://localhost:3999/signed-out',
    });
    const response = await browser.request(`${pool.origin}/logout?${query}`);
    expect(response.headers.get('location')).toBe('http://localhost:3999/signed-out');
    expect(browser.cookieNames).not.toContain('cognito');
    const again = await browser.follow(authorizationUrl(pool).url, pool.callbackUrl);
    expect(again.response?.status).toBe(200);
  });

  it('refuses any other address', async () => {
    const query = new URLSearchParams({ client_id: awsNames.clientId, logout_uri: 'https://evil.example/' });
    const response = await fetch(`${pool.origin}/logout?${query}`, { redirect: 'manual' });
    expect(response.status).toBe(400);
  });
});
