import type { NextRequest } from 'next/server';
import { env } from '@/lib/env';
import { AnnexError } from '@/lib/errors';
import { log, outages } from '@/lib/log';
import { callbackPath } from './callback-url';
import type { Identity } from './claims';
import { signInService, userPool } from './cognito';
import { type AuthRequest, runNextAuth } from './next-auth';
import { beginSession, endAllSessions, findPerson } from './people';
import { isSameOrigin, requestIdOf } from './request';
import {
  dropEarlierSessions,
  endedCookie,
  isSecure,
  readSession,
  serializeCookie,
  sessionCookieName,
  writeSession,
} from './session-cookie';

type Cookies = ReadonlyMap<string, string>;

/** Starts a sign-in at the hosted UI; afterwards the browser returns to `callbackUrl`. */
export async function startSignIn(request: NextRequest): Promise<Response> {
  const mode = request.headers.get('sec-fetch-mode');
  // A fetch cannot follow a redirect to another origin; a response without a page makes Next's router navigate
  // instead.
  if (mode !== null && mode !== 'navigate') return new Response(null, { status: 204 });

  const { NEXTAUTH_URL: portalUrl } = env();
  const wanted = await wantedPage(request);
  const callbackUrl = new URL(callbackPath(wanted, portalUrl), portalUrl).href;
  const known = Object.fromEntries(cookiesOf(request));

  // next-auth accepts a sign-in only with its own CSRF token, which a page without JavaScript has not fetched.
  const csrf = await runNextAuth(
    { path: ['csrf'], method: 'GET', query: { callbackUrl }, cookies: known },
    noSignIn,
  );
  const given = csrf.headers.getSetCookie();
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const answer = await runNextAuth(
    {
      path: ['signin', 'cognito'],
      method: 'POST',
      query: {},
      body: { csrfToken, callbackUrl },
      cookies: { ...known, ...namesAndValues(given) },
    },
    noSignIn,
  );
  const target = errorPage(answer.headers.get('location'), callbackUrl, request);
  // Its address comes from the user pool.
  if (new URL(target).origin !== new URL(portalUrl).origin) outages.answered(signInService);
  const response = redirectTo(target, answer);
  for (const line of given) response.headers.append('set-cookie', line);
  response.headers.append('set-cookie', serializeCookie(endedCookie(null, portalUrl)));
  return response;
}

/** The next-auth endpoints that a browser may call by GET. Sign-in and sign-out have their own pages. */
const served: ReadonlySet<string> = new Set(['session', 'callback/cognito']);

/**
 * Serves the part of `/api/auth/` that Annex uses, mainly the callback that completes a sign-in. Throws `not_found`
 * for the rest of next-auth, which would let anybody write to our log.
 */
export async function serveNextAuth(request: NextRequest, path: readonly string[]): Promise<Response> {
  if (request.method !== 'GET' || !served.has(path.join('/'))) {
    throw new AnnexError('not_found', 'Nothing exists at this address.');
  }
  const url = new URL(request.url);
  const known = cookiesOf(request);
  const query = Object.fromEntries(url.searchParams);
  const [verb] = path;
  const cookies = verb === 'session' && !(await isSignedIn(known)) ? {} : Object.fromEntries(known);
  const auth: AuthRequest = { path, method: request.method, query, cookies };
  const answer = await runNextAuth(auth, (identity) => signedIn(identity, request));
  // Only the proxy renews the session cookie; this response could overwrite a newer session with an older one.
  if (verb === 'session') return withoutCookies(answer);
  const location = answer.headers.get('location');
  if (verb !== 'callback' || location === null) return answer;
  const { NEXTAUTH_URL: portalUrl } = env();
  const wanted = known.get(`${isSecure(portalUrl) ? '__Secure-' : ''}next-auth.callback-url`);
  const cancelled = query.error === 'access_denied' ? '/auth-error?error=Cancelled' : location;
  const response = redirectTo(errorPage(cancelled, wanted, request), answer);
  for (const change of dropEarlierSessions(known, portalUrl)) {
    response.headers.append('set-cookie', serializeCookie(change));
  }
  return response;
}

/**
 * Ends the person's sessions in every browser, revokes this one's tokens at Cognito, and redirects the browser to end its
 * session at the hosted UI.
 */
export async function signOut(request: NextRequest): Promise<Response> {
  const { NEXTAUTH_URL: portalUrl, NEXTAUTH_SECRET: secret } = env();
  if (!isSameOrigin(request.headers, portalUrl)) {
    return new Response(null, { status: 303, headers: { location: new URL('/', portalUrl).href } });
  }
  const headers = new Headers({ location: userPool().logoutUrl() });
  const known = cookiesOf(request);
  const session = await readSession(known, sessionCookieName(portalUrl), secret);
  if (session) {
    const requestId = requestIdOf(request.headers);
    const lines = { request: requestId, actor: session.sub };
    try {
      await endAllSessions(session, 'sign-out', requestId);
    } catch (error) {
      log.error({ ...lines, err: error }, 'sessions could not be ended');
      headers.set('location', new URL('/auth-error?error=SignOutIncomplete', portalUrl).href);
    }
    await userPool()
      .revoke(session.refreshToken)
      .catch((error: unknown) => log.warn({ ...lines, err: error }, 'tokens could not be revoked'));
  }
  for (const change of await writeSession(known, null, { portalUrl, secret })) {
    headers.append('set-cookie', serializeCookie(change));
  }
  return new Response(null, { status: 303, headers });
}

async function signedIn(identity: Identity, request: NextRequest): Promise<number> {
  const requestId = requestIdOf(request.headers);
  const signedInAt = await beginSession(identity, requestId);
  const { sub, tenantId, roles } = identity;
  log.info({ actor: sub, tenant: tenantId, roles, request: requestId }, 'signed in');
  return signedInAt;
}

/** Whether these cookies hold a session that is not over. */
async function isSignedIn(known: Cookies): Promise<boolean> {
  const { NEXTAUTH_URL: portalUrl, NEXTAUTH_SECRET: secret } = env();
  const session = await readSession(known, sessionCookieName(portalUrl), secret);
  return session !== null && !(await findPerson(session)).ended;
}

/** For the steps of next-auth before anybody can have signed in. */
const noSignIn = (): never => {
  throw new Error('nobody can have signed in yet');
};

/** Where to redirect the browser: `location`, or our own error page instead of next-auth's. */
function errorPage(location: string | null, wanted: string | undefined, request: NextRequest): string {
  const { NEXTAUTH_URL: portalUrl } = env();
  const url = new URL(location ?? '/auth-error?error=Default', portalUrl);
  const failed =
    url.origin === new URL(portalUrl).origin &&
    /^\/(api\/auth\/(error|signin)|auth-error)$/.test(url.pathname);
  if (!failed) return url.href;
  const page = new URL('/auth-error', portalUrl);
  page.searchParams.set('error', url.searchParams.get('error') ?? 'Default');
  page.searchParams.set('callbackUrl', callbackPath(wanted, portalUrl));
  page.searchParams.set('reference', requestIdOf(request.headers));
  return page.href;
}

async function wantedPage(request: NextRequest): Promise<string | undefined> {
  const inQuery = new URL(request.url).searchParams.get('callbackUrl');
  if (inQuery !== null || request.method !== 'POST') return inQuery ?? undefined;
  return new URLSearchParams(await request.text()).get('callbackUrl') ?? undefined;
}

const cookiesOf = (request: NextRequest): Cookies =>
  new Map(request.cookies.getAll().map(({ name, value }) => [name, value]));

function namesAndValues(lines: readonly string[]): Record<string, string> {
  const pairs = lines.map((line) => /^([^=]+)=([^;]*)/.exec(line)).filter((found) => found !== null);
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, decodeURIComponent(value)]));
}

function redirectTo(location: string, from: Response): Response {
  const headers = new Headers({ location });
  for (const line of from.headers.getSetCookie()) headers.append('set-cookie', line);
  return new Response(null, { status: 303, headers });
}

function withoutCookies(answer: Response): Response {
  const headers = new Headers(answer.headers);
  headers.delete('set-cookie');
  return new Response(answer.body, { status: answer.status, headers });
}
