import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsNames } from '../aws-names';
import {
  authorizationUrl,
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

describe('refresh tokens', () => {
  const refresh = (token: string | undefined) =>
    tokenRequest(pool, { grant_type: 'refresh_token', refresh_token: token ?? '' });

  it('give new tokens with the claims of now, and survive a restart', async () => {
    const { body } = await tokensOf(pool, 'marketer@foo.example');
    await pool.call('AdminAddUserToGroup', { Username: 'marketer@foo.example', GroupName: 'scientist' });
    await pool.restart();
    const fresh = await refresh(body.refresh_token);
    expect(fresh.status).toBe(200);
    const { payload } = await verify(fresh.body.id_token ?? '', { audience: awsNames.clientId });
    expect(payload['cognito:groups']).toEqual(['member', 'scientist']);
    await pool.call('AdminRemoveUserFromGroup', { Username: 'marketer@foo.example', GroupName: 'scientist' });
  });

  it('are refused after revocation; those of another sign-in are not', async () => {
    const browser = new TestBrowser();
    const one = await tokensOf(pool, scientist, browser);
    const other = await tokensOf(pool, scientist, browser);
    const basic = Buffer.from(`${awsNames.clientId}:${pool.clientSecret}`).toString('base64');
    const response = await fetch(`${pool.origin}/oauth2/revoke`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ token: one.body.refresh_token ?? '' }),
    });
    expect(response.status).toBe(200);
    expect((await refresh(one.body.refresh_token)).body.error).toBe('invalid_grant');
    expect((await refresh(other.body.refresh_token)).status).toBe(200);
  });

  it('are refused after a global sign-out', async () => {
    const { body } = await tokensOf(pool, scientist);
    await pool.call('AdminUserGlobalSignOut', { Username: scientist });
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant');
    expect((await tokensOf(pool, scientist)).status).toBe(200);
  });

  it('are refused to a disabled user, who cannot sign in either, not even by an open session', async () => {
    const email = 'scientist@bar.example';
    const browser = new TestBrowser();
    const { body } = await tokensOf(pool, email, browser);
    await pool.call('AdminDisableUser', { Username: email });
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant');
    const login = await browser.follow(authorizationUrl(pool).url, pool.callbackUrl);
    expect(login.response?.status).toBe(200);
    const answer = await browser.request(login.url, { form: { email, password: awsNames.demoPassword } });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('disabled');
    await pool.call('AdminEnableUser', { Username: email });
    expect((await tokensOf(pool, email)).status).toBe(200);
  });
});

describe('userInfo', () => {
  it('answers an access token and nothing else', async () => {
    const { body } = await tokensOf(pool, scientist);
    const ask = (token: string | undefined) =>
      fetch(`${pool.origin}/oauth2/userInfo`, { headers: { authorization: `Bearer ${token}` } });
    expect(await (await ask(body.access_token)).json()).toMatchObject({
      email: scientist,
      email_verified: 'true',
    });
    expect((await ask(body.id_token)).status).toBe(401);
    expect((await ask('nonsense')).status).toBe(401);
  });
});

it('gives a new refresh token with each refresh where rotation is on, and tokens as long as it is told', async () => {
  const pool = await startPool({ rotation: { retryGraceSeconds: 0 }, tokenSeconds: 7 });
  try {
    await pool.addDemoUsers();
    const { body } = await tokensOf(pool, 'scientist@foo.example');
    expect(Number(body.expires_in)).toBe(7);
    const fresh = await tokenRequest(pool, {
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token ?? '',
    });
    expect(fresh.body.refresh_token).not.toBe(body.refresh_token);
    const again = await tokenRequest(pool, {
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token ?? '',
    });
    expect(again.body.error).toBe('invalid_grant');
  } finally {
    await pool.stop();
  }
});
