import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizationUrl, startPool, TestBrowser, type TestPool, tokenRequest } from '../testing/user-pool';

const start = Date.parse('2026-03-01T10:00:00Z');
const day = 24 * 3600_000;
const chosen = 'a-password-of-my-own';

let now = start;
let pool: TestPool;
let count = 0;

beforeAll(async () => {
  pool = await startPool({ now: () => now });
});
afterAll(() => pool.stop());

/** Invites somebody new; the address and the temporary password in the mail. */
async function invite(): Promise<{ readonly email: string; readonly password: string }> {
  count += 1;
  const email = `invited-${count}@foo.example`;
  await pool.call('AdminCreateUser', { Username: email });
  return { email, password: await mailedPassword(email) };
}

async function mailedPassword(email: string): Promise<string> {
  const [mail] = await pool.mailsTo(email);
  return /Temporary password: (\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
}

/** A sign-in that was begun, up to the form for the password. */
async function begin(browser = new TestBrowser()) {
  const { url, verifier } = authorizationUrl(pool);
  const login = (await browser.follow(url, pool.callbackUrl)).url;
  const post = (form: Record<string, string>, headers = {}) => browser.request(login, { form, headers });
  return { browser, login, verifier, post };
}

const fieldOf = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
const alertOf = (html: string): string => /role="alert">([^<]*)</.exec(html)?.[1] ?? '';

/** As `begin`, up to the form for the new password. */
async function beginChoice(who: { readonly email: string; readonly password: string }) {
  const signIn = await begin();
  const page = await signIn.post(who);
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(html).toContain('<h1>Choose a password</h1>');
  return { ...signIn, html, session: fieldOf(html, 'session') };
}
const twice = (password: string) => ({ new_password: password, repeated: password });
const statusOf = async (email: string) => (await pool.call('AdminGetUser', { Username: email })).UserStatus;

describe('the first sign-in with a temporary password', () => {
  it('asks for a password, confirms the user and goes on to the application', async () => {
    const who = await invite();
    const { browser, login, verifier, post, html, session } = await beginChoice(who);
    expect(html).not.toContain('<script');
    expect(html).not.toContain(who.password);
    expect(html).toContain('8 to 256 characters');
    expect(await statusOf(who.email)).toBe('FORCE_CHANGE_PASSWORD');

    const answer = await post({ session, ...twice(chosen) });
    expect(answer.status).toBe(303);
    const location = new URL(answer.headers.get('location') ?? '', login).href;
    expect(location).not.toContain(session);
    const back = new URL((await browser.follow(location, pool.callbackUrl)).url);
    const tokens = await tokenRequest(pool, {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: pool.callbackUrl,
      code_verifier: verifier,
    });
    expect(tokens.status).toBe(200);
    expect(await statusOf(who.email)).toBe('CONFIRMED');

    const again = await begin();
    expect((await again.post(who)).status).toBe(400);
    expect((await again.post({ email: who.email, password: chosen })).status).toBe(303);
  });

  it('says what is wrong with the new password, and lets it be corrected', async () => {
    const { post, session } = await beginChoice(await invite());
    const differ = await post({ session, new_password: chosen, repeated: `${chosen}x` });
    expect([differ.status, alertOf(await differ.text())]).toEqual([
      400,
      'The two passwords differ. Enter the same one twice.',
    ]);
    const short = await post({ session, ...twice('short') });
    expect(alertOf(await short.text())).toContain('too short');
    const long = await post({ session, ...twice('x'.repeat(257)) });
    expect(alertOf(await long.text())).toContain('too long');
    expect((await post({ session, ...twice(chosen) })).status).toBe(303);
  });

  it('refuses a wrong temporary password as any other, and slows guessing down', async () => {
    const { email } = await invite();
    const { post } = await begin();
    for (let tries = 0; tries < 5; tries += 1) {
      const response = await post({ email, password: 'not-the-one' });
      expect(response.status).toBe(400);
      expect(alertOf(await response.text())).toContain('Incorrect email address or password');
    }
    // The pool's clock stands still.
    expect((await post({ email, password: 'not-the-one' })).status).toBe(429);
  });

  it('slows down the choice of a password, too', async () => {
    const { post, session } = await beginChoice(await invite());
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await post({ session, ...twice('short') })).status).toBe(400);
    }
    const limited = await post({ session, ...twice(chosen) });
    expect([limited.status, alertOf(await limited.text())]).toEqual([
      429,
      'Too many attempts. Wait one second, then try again.',
    ]);
    now += 1000;
    expect((await post({ session, ...twice(chosen) })).status).toBe(303);
  });

  it('says that a temporary password has expired after 7 days, until the invitation is sent again', async () => {
    const who = await invite();
    now += 7 * day - 1;
    await beginChoice(who);
    now += 1;
    const { post } = await begin();
    const refused = await post(who);
    expect([refused.status, alertOf(await refused.text())]).toEqual([
      403,
      'This temporary password has expired. Ask who invited you for a new invitation.',
    ]);
    const wrong = await post({ ...who, password: 'not-the-one' });
    expect(alertOf(await wrong.text())).toContain('Incorrect email address or password');

    await pool.call('AdminCreateUser', { Username: who.email, MessageAction: 'RESEND' });
    const password = await mailedPassword(who.email);
    expect(password).not.toBe(who.password);
    expect((await post(who)).status).toBe(400);
    await beginChoice({ ...who, password });
  });

  it('expires while the form is open', async () => {
    const who = await invite();
    now += 7 * day - 60_000;
    const { post, session } = await beginChoice(who);
    now += 60_000;
    const late = await post({ session, ...twice(chosen) });
    expect(late.status).toBe(400);
    expect(alertOf(await late.text())).toContain('Sign in again.');
    expect(await statusOf(who.email)).toBe('FORCE_CHANGE_PASSWORD');
  });
});

describe('the proof of the temporary password', () => {
  it('belongs to the sign-in in which it was entered', async () => {
    const who = await invite();
    const { session } = await beginChoice(who);
    const other = await begin();
    const response = await other.post({ session, ...twice(chosen) });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('<h1>Sign in</h1>');
    expect(await statusOf(who.email)).toBe('FORCE_CHANGE_PASSWORD');
  });

  it('is over after a quarter of an hour, and once it was used', async () => {
    const { post, session } = await beginChoice(await invite());
    now += 15 * 60_000;
    expect((await post({ session, ...twice(chosen) })).status).toBe(400);

    const used = await beginChoice(await invite());
    expect((await used.post({ session: used.session, ...twice(chosen) })).status).toBe(303);
    expect((await used.post({ session: used.session, ...twice('another-password') })).status).toBe(400);
  });

  it.each([
    ['another temporary password', 'AdminCreateUser', { MessageAction: 'RESEND' }],
    ['a permanent password', 'AdminSetUserPassword', { Password: 'set-by-an-admin', Permanent: true }],
    ['the user being disabled', 'AdminDisableUser', {}],
  ])('is over with %s', async (_what, operation, more) => {
    const who = await invite();
    const { post, session } = await beginChoice(who);
    await pool.call(operation, { Username: who.email, ...more });
    expect((await post({ session, ...twice(chosen) })).status).toBe(400);
    expect(await pool.cognito.users.verify(who.email, chosen)).toBeNull();
  });

  it('is over with the user', async () => {
    const who = await invite();
    const { post, session } = await beginChoice(who);
    await pool.call('AdminDeleteUser', { Username: who.email });
    expect((await post({ session, ...twice(chosen) })).status).toBe(400);
  });
});

describe('forms that no page sends', () => {
  it.each<Record<string, string>>([
    { session: '' },
    { session: 'no-such-session', new_password: chosen, repeated: chosen },
    { session: '"><script>alert(1)</script>' },
    { new_password: chosen, repeated: chosen },
    {},
    { email: '\u0000', password: '\u0000' },
  ])('are refused: %j', async (form) => {
    const { post } = await begin();
    const response = await post(form);
    expect(response.status).toBe(400);
    const html = await response.text();
    expect(html).toContain('<h1>Sign in</h1>');
    expect(html).not.toContain('<script');
  });

  it('are refused from another site, also with the proof', async () => {
    const who = await invite();
    const { post, session } = await beginChoice(who);
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await post({ session, ...twice(chosen) }, headers)).status).toBe(403);
    expect(await statusOf(who.email)).toBe('FORCE_CHANGE_PASSWORD');
  });

  it('leave the form without new passwords as it is', async () => {
    const { post, session } = await beginChoice(await invite());
    const response = await post({ session });
    expect(response.status).toBe(400);
    expect(fieldOf(await response.text(), 'session')).toBe(session);
  });

  it('can be cancelled', async () => {
    const { post, session, browser, login } = await beginChoice(await invite());
    const answer = await post({ session, cancel: 'yes' });
    const location = new URL(answer.headers.get('location') ?? '', login).href;
    const back = new URL((await browser.follow(location, pool.callbackUrl)).url);
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect((await post({ session, ...twice(chosen) })).status).toBe(400);
  });
});
