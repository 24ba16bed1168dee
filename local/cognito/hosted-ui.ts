import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Provider } from 'oidc-provider';
import { awsNames } from '../aws-names';
import { requestUrl } from '../request-url';
import { css, FormTooLarge, type HostedUi, json, redirect, secure, send } from './exchange';
import { idTokenClaims } from './oidc';
import { SessionNotFound } from './oidc-provider';
import { showOutbox } from './outbox-page';
import { expiredPage, homeOf, messagePage } from './pages';
import { login } from './sign-in';

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
  if (get && (url.pathname === '/outbox' || url.pathname === '/outbox.json'))
    return showOutbox(ui, url, request, response);
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
  const {
    email,
    email_verified,
    'custom:tenant_id': tenant,
    'custom:seller_id': seller,
  } = idTokenClaims(user);
  return json(response, {
    sub: user.sub,
    username: user.sub,
    email,
    email_verified: String(email_verified),
    'custom:tenant_id': tenant,
    'custom:seller_id': seller,
  });
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?')[0] ?? '';
