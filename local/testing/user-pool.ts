import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withTheRest } from '@/lib/domain/testing/untouchable';
import type { Caller, StandIn } from '../aws/core/service';
import type { Outbox, SentMail, Services } from '../aws/core/services';
import { openState } from '../aws/core/state';
import { createOutbox } from '../aws/ses/outbox';
import { awsNames } from '../aws-names';
import { seedDemoUsers } from '../cognito/demo-users';
import { readClientSecret } from '../cognito/secrets';
import { type Cognito, type CognitoOptions, createCognito } from '../cognito/service';
import { freePort } from '../free-port';

/** A user pool for tests, with its own ports and state. */
export interface TestPool {
  readonly origin: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly callbackUrl: string;
  readonly cognito: Cognito;
  /** An admin call, as the stand-in's core makes it. */
  call(operation: string, input?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Adds the demo users, with the password that `signIn` uses. */
  addDemoUsers(): Promise<void>;
  /** Adds a scientist of `tenant` with that password. */
  addScientist(email: string, tenant: string): Promise<void>;
  /** The outbox of the pool that runs now. */
  outbox(): Outbox;
  /** The mails to that address, newest first. */
  mailsTo(address: string): Promise<readonly SentMail[]>;
  /** Stops the pool and starts it again on the same state. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const caller: Caller = {
  accountId: awsNames.portalAccountId,
  arn: `arn:aws:iam::${awsNames.portalAccountId}:role/${awsNames.portalRole}`,
  roleArn: `arn:aws:iam::${awsNames.portalAccountId}:role/${awsNames.portalRole}`,
  tags: {},
};

/** Starts a pool in a temporary folder. `authorize` replaces the core's policies; without it everything is allowed. */
export async function startPool(
  options: Partial<CognitoOptions> = {},
  authorize: StandIn['authorize'] = () => undefined,
): Promise<TestPool> {
  const dir = await mkdtemp(join(tmpdir(), 'annex-cognito-'));
  const port = options.port ?? (await freePort());
  const portal = options.portals?.[0] ?? 'http://localhost:3999';
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

  async function open() {
    const state = await openState(join(dir, 'state'));
    const outbox = createOutbox(state);
    const standIn: StandIn = {
      region: awsNames.region,
      portalAccountId: awsNames.portalAccountId,
      origin: 'http://localhost:0',
      studioOrigin: 'http://studio.localhost:0',
      stepMs: 1,
      state,
      log: silent,
      authorize,
      services: withTheRest<Services>({ outbox }),
      later: () => undefined,
      fault: () => null,
      standing: () => null,
    };
    const cognito = await createCognito(standIn, { portals: [portal], ...options, port, dir });
    await cognito.start();
    return { state, cognito, outbox };
  }

  let running = await open();
  const call: TestPool['call'] = async (operation, input = {}) => {
    const run = running.cognito.service.operations[operation];
    if (!run) throw new Error(`no operation ${operation}`);
    return (await run(
      { UserPoolId: awsNames.userPoolId, ...input },
      caller,
      'test',
      AbortSignal.timeout(10_000),
    )) as Record<string, unknown>;
  };
  return {
    origin: `http://localhost:${port}`,
    issuer: running.cognito.issuer,
    clientId: awsNames.clientId,
    clientSecret: await readClientSecret(dir),
    callbackUrl: `${portal}/api/auth/callback/cognito`,
    get cognito() {
      return running.cognito;
    },
    call,
    addDemoUsers: () => seedDemoUsers(running.cognito.users),
    addScientist: async (email, tenant) => {
      const UserAttributes = [{ Name: 'custom:tenant_id', Value: tenant }];
      await call('AdminCreateUser', { Username: email, UserAttributes });
      await running.cognito.users.setPassword(email, awsNames.demoPassword, true);
      await call('AdminAddUserToGroup', { Username: email, GroupName: 'scientist' });
    },
    outbox: () => running.outbox,
    mailsTo: async (address) => {
      const query = new URLSearchParams({ to: address });
      const response = await fetch(`http://localhost:${port}/outbox.json?${query}`);
      return ((await response.json()) as { mails: SentMail[] }).mails;
    },
    restart: async () => {
      await running.cognito.stop();
      await running.state.close();
      running = await open();
    },
    stop: async () => {
      await running.cognito.stop();
      await running.state.close();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** An origin where nothing listens. */
export const nobodysOrigin = async (): Promise<string> => `http://localhost:${await freePort()}`;

/** The parts of a browser that a sign-in needs: cookies by path, forms, and redirects followed one at a time. */
export class TestBrowser {
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>();

  /** Sends a request without following redirects. */
  async request(
    url: string,
    init: { form?: Record<string, string>; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const target = new URL(url);
    const cookie = [...this.#cookies.values()]
      .filter(({ path }) => target.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const headers = { ...(cookie && { cookie }), ...init.headers };
    const body = init.form && { method: 'POST', body: new URLSearchParams(init.form) };
    const response = await fetch(target, { redirect: 'manual', headers, ...body });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  /** Follows redirects until a page, or until one leads to a URL that begins with `until`. */
  async follow(
    url: string,
    until: string,
  ): Promise<{ readonly url: string; readonly response: Response | null }> {
    let current = url;
    for (let hop = 0; hop < 10; hop += 1) {
      if (current.startsWith(until)) return { url: current, response: null };
      const response = await this.request(current);
      const location = response.headers.get('location');
      if (location === null) return { url: current, response };
      current = new URL(location, current).href;
    }
    throw new Error(`too many redirects from ${url}`);
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(`${name} /`)?.value;
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(`${name} /`, { name, value, path: '/' });
  }

  get cookieNames(): readonly string[] {
    return [...this.#cookies.values()].map(({ name }) => name);
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    const value = pair.slice(at + 1);
    const path = attributes.find((entry) => /^path=/i.test(entry))?.slice(5) ?? '/';
    const expires = attributes.find((entry) => /^expires=/i.test(entry))?.slice(8);
    const gone =
      attributes.some((entry) => /^max-age=0$/i.test(entry)) || (expires && Date.parse(expires) < Date.now());
    if (gone) this.#cookies.delete(`${name} ${path}`);
    else this.#cookies.set(`${name} ${path}`, { name, value, path });
  }
}

/**
 * An authorization request with everything that the pool requires. `change` overrides parameters, or drops them with
 * null.
 */
export function authorizationUrl(
  pool: Pick<TestPool, 'origin' | 'callbackUrl'>,
  change: Record<string, string | null> = {},
) {
  const verifier = randomBytes(32).toString('base64url');
  const parameters: Record<string, string | null> = {
    response_type: 'code',
    client_id: awsNames.clientId,
    redirect_uri: pool.callbackUrl,
    scope: 'openid email profile',
    state: 'a-state',
    nonce: 'a-nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  };
  const url = new URL('/oauth2/authorize', pool.origin);
  for (const [name, value] of Object.entries(parameters))
    if (value !== null) url.searchParams.set(name, value);
  return { url: url.href, verifier };
}

/** Sends a request to the token endpoint as the portal's app client. */
export async function tokenRequest(pool: TestPool, form: Record<string, string>, secret = pool.clientSecret) {
  const basic = Buffer.from(`${awsNames.clientId}:${secret}`).toString('base64');
  const response = await fetch(`${pool.origin}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

/** Signs in at the hosted UI. Returns the URL to which it redirects the browser. */
export async function signIn(
  browser: TestBrowser,
  pool: TestPool,
  url: string,
  email: string,
  password: string = awsNames.demoPassword,
): Promise<URL> {
  const login = await browser.follow(url, pool.callbackUrl);
  if (!login.response) return new URL(login.url);
  const answer = await browser.request(login.url, { form: { email, password } });
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`);
  return new URL((await browser.follow(new URL(location, login.url).href, pool.callbackUrl)).url);
}

/** Performs a complete sign-in and returns its tokens. */
export async function tokensOf(pool: TestPool, email: string, browser = new TestBrowser()) {
  const { url, verifier } = authorizationUrl(pool);
  const back = await signIn(browser, pool, url, email);
  return tokenRequest(pool, {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: pool.callbackUrl,
    code_verifier: verifier,
  });
}
