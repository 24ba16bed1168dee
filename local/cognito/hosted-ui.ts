import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type { Provider } from 'oidc-provider';
import type { StandInLog } from '../aws/core/service';
import { awsNames } from '../aws-names';
import { requestUrl } from '../request-url';
import type { Attempts } from './attempts';
import { idTokenClaims } from './oidc';
import { SessionNotFound } from './oidc-provider';
import { expiredPage, homeOf, messagePage, type Page, signInPage, stylesheet } from './pages';
import { emailKey, type Users } from './users';

export interface HostedUi {
  readonly origin: string;
  readonly issuer: string;
  readonly provider: Provider;
  readonly users: Users;
  readonly attempts: Attempts;
  readonly jwks: JSONWebKeySet;
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  readonly log: StandInLog;
}

const wrong = 'Incorrect email address or password. Try again, or ask your administrator for a new password.';
const largestForm = 16 * 1024;

class FormTooLarge extends Error {}

/** Handles all requests of browsers and the portal to the user pool's domain and issuer. */
export function hostedUiHandler(ui: HostedUi): (request: IncomingMessage, response: ServerResponse) => void {
  const callback = ui.provider.callback();
  return (request, response) => {
    secure(ui, response);
    route(ui, callback, request, response).catch((error: unknown) => {
      if (error instanceof SessionNotFound) return send(response, expiredPage(homeOf(ui.callbackUrls)));
      if (error instanceof FormTooLarge) return send(response, tooLargePage(ui));
      ui.log.error({ err: error, path: pathOf(request) }, 'the hosted UI failed');
      if (!response.headersSent)
        send(
          response,
          messagePage('Something went wrong', 500, 'Go back and try again.', homeOf(ui.callbackUrls)),
        );
      return undefined;
    });
  };
}

type Callback = ReturnType<Provider['callback']>;

async function route(
  ui: HostedUi,
  callback: Callback,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = requestUrl(request, ui.origin);
  if (url === null) return send(response, notFoundPage(ui));
  const get = request.method === 'GET' || request.method === 'HEAD';
  if (get && url.pathname === `/${awsNames.userPoolId}/.well-known/openid-configuration`)
    return json(response, discovery(ui));
  if (get && url.pathname === `/${awsNames.userPoolId}/.well-known/jwks.json`) return json(response, ui.jwks);
  if (get && url.pathname === '/sign-in.css') return css(response);
  if (get && url.pathname === '/login') return redirect(response, `/oauth2/authorize${url.search}`);
  if (url.pathname.startsWith('/login/')) return login(ui, request, response);
  if (get && url.pathname === '/logout') return logout(ui, url, request, response);
  if (url.pathname === '/oauth2/userInfo') return userInfo(ui, request, response);
  if (url.pathname.startsWith('/oauth2/') || url.pathname.startsWith('/oidc/'))
    return callback(request, response);
  return send(response, notFoundPage(ui));
}

const tooLargePage = (ui: HostedUi) =>
  messagePage(
    'Sign-in rejected',
    413,
    'The form is too large. Start again from Annex.',
    homeOf(ui.callbackUrls),
  );
const notFoundPage = (ui: HostedUi) =>
  messagePage('Not found', 404, 'This page doesn’t exist.', homeOf(ui.callbackUrls));

/** Cognito's discovery document: the issuer has its own path; the endpoints are on the pool's domain. */
function discovery(ui: HostedUi) {
  return {
    issuer: ui.issuer,
    authorization_endpoint: `${ui.origin}/oauth2/authorize`,
    token_endpoint: `${ui.origin}/oauth2/token`,
    userinfo_endpoint: `${ui.origin}/oauth2/userInfo`,
    revocation_endpoint: `${ui.origin}/oauth2/revoke`,
    end_session_endpoint: `${ui.origin}/logout`,
    jwks_uri: `${ui.issuer}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'email', 'profile'],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  };
}

async function login(ui: HostedUi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const interaction = await ui.provider.interactionDetails(request, response);
  const action = `/login/${interaction.uid}`;
  if (request.method !== 'POST') {
    const hint = typeof interaction.params.login_hint === 'string' ? interaction.params.login_hint : '';
    return send(response, signInPage({ action, email: hint, error: null }));
  }
  if (!fromHere(ui, request)) {
    return send(
      response,
      messagePage(
        'Sign-in rejected',
        403,
        'The form was sent from another site. Start again from Annex.',
        homeOf(ui.callbackUrls),
      ),
    );
  }
  const form = await readForm(request);
  if (form.has('cancel')) {
    const result = { error: 'access_denied', error_description: 'the user cancelled the sign-in' };
    return ui.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  const email = form.get('email') ?? '';
  const outcome = await check(ui, email, form.get('password') ?? '');
  if (!outcome.ok) return send(response, signInPage({ action, email, error: outcome.error }, outcome.status));
  const result = { login: { accountId: outcome.sub, remember: true } };
  return ui.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

type Outcome =
  | { readonly ok: true; readonly sub: string }
  | { readonly ok: false; readonly status: number; readonly error: string };

async function check(ui: HostedUi, email: string, password: string): Promise<Outcome> {
  const name = emailKey(email);
  const waitMs = ui.attempts.wait(name);
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1000);
    const time =
      seconds === 1
        ? 'one second'
        : seconds < 60
          ? `${seconds} seconds`
          : `${Math.ceil(seconds / 60)} minutes`;
    return { ok: false, status: 429, error: `Too many attempts. Wait ${time}, then try again.` };
  }
  // Counted before the password is checked, so that concurrent tries count too.
  ui.attempts.failed(name);
  const user = await ui.users.verify(email, password);
  if (!user) return { ok: false, status: 400, error: wrong };
  ui.attempts.succeeded(name);
  // Only people who know the password learn that the account is disabled.
  if (!user.enabled) {
    return { ok: false, status: 403, error: 'This user is disabled. Ask your administrator to enable it.' };
  }
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    const error = 'This password is temporary. Ask your administrator to set a permanent one.';
    return { ok: false, status: 403, error };
  }
  return { ok: true, sub: user.sub };
}

/** `GET /logout?client_id&logout_uri`: ends the hosted UI's session. Tokens that were issued stay valid. */
async function logout(
  ui: HostedUi,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = url.searchParams.get('logout_uri') ?? '';
  if (url.searchParams.get('client_id') !== awsNames.clientId || !ui.logoutUrls.includes(target)) {
    const text = 'The sign-out address is not registered for this application. You are still signed in.';
    return send(response, messagePage('Sign-out rejected', 400, text, homeOf(ui.callbackUrls)));
  }
  const context = ui.provider.createContext(request, response);
  const session = await ui.provider.Session.get(context);
  if (session.accountId) await session.destroy();
  context.cookies.set('cognito', null, { httpOnly: true, sameSite: 'lax', signed: true });
  return redirect(response, target);
}

/** Attributes of the user to whom the access token belongs. */
async function userInfo(ui: HostedUi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const payload = await jwtVerify(token ?? '', createLocalJWKSet(ui.jwks), { issuer: ui.issuer }).then(
    (verified) => verified.payload,
    () => null,
  );
  const user = payload?.token_use === 'access' ? await ui.users.find(payload.sub ?? '') : undefined;
  if (!user?.enabled) {
    response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
    return json(
      response,
      { error: 'invalid_token', error_description: 'Access token is expired, disabled, or deleted.' },
      401,
    );
  }
  const { email, email_verified, 'custom:tenant_id': tenant } = idTokenClaims(user);
  return json(response, {
    sub: user.sub,
    username: user.sub,
    email,
    email_verified: String(email_verified),
    'custom:tenant_id': tenant,
  });
}

/**
 * Whether the hosted UI's own page sent the form. Browsers that send neither header pass; the cookie's SameSite=Lax
 * protects those.
 */
function fromHere(ui: HostedUi, request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const origin = request.headers.origin;
  return origin === undefined || origin === ui.origin;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestForm) throw new FormTooLarge();
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function secure(ui: HostedUi, response: ServerResponse): void {
  // A browser applies form-action to the redirects after a form too, and sign-in ends at the application.
  const targets = [...new Set(ui.callbackUrls.map((url) => new URL(url).origin))].join(' ');
  response.setHeader(
    'content-security-policy',
    `default-src 'none'; style-src 'self'; img-src data:; form-action 'self' ${targets}; base-uri 'none'; frame-ancestors 'none'`,
  );
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
}

function send(response: ServerResponse, { status, html }: Page): void {
  response
    .writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .end(html);
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}

function css(response: ServerResponse): void {
  response
    .writeHead(200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=300' })
    .end(stylesheet);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location, 'cache-control': 'no-store' }).end();
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?')[0] ?? '';
