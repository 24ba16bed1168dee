import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { StateStore } from '../aws/core/service';
import { awsNames } from '../aws-names';
import { createAdapter } from './adapter';
import { basePolicy, Check, Provider } from './oidc-provider';
import { homeOf, refusalPage } from './pages';
import type { PoolSecrets } from './secrets';
import type { PoolUser, Users } from './users';

/** A refresh returns a new refresh token; the old one works for a while more. Cognito's grace is 60 s at most. */
export interface RefreshTokenRotation {
  readonly retryGraceSeconds: number;
}

export interface PoolSettings {
  readonly issuer: string;
  /** Allowed callback URLs of the portal's app client. */
  readonly callbackUrls: readonly string[];
  /** Lifetime of ID tokens and access tokens, seconds. */
  readonly tokenSeconds: number;
  readonly rotation: RefreshTokenRotation | null;
}

const refreshTokenSeconds = 30 * 24 * 3600;
const hostedUiSessionSeconds = 3600;
const scopes = 'openid email profile';

/** The claims about the user in Cognito's ID token, besides `sub`, `iss`, `aud`, `iat` and `exp`. */
export function idTokenClaims(user: PoolUser): Record<string, unknown> {
  const { 'custom:tenant_id': tenant, 'custom:seller_id': seller } = user.attributes;
  return {
    email: user.email,
    email_verified: user.attributes.email_verified === 'true',
    'cognito:username': user.sub,
    ...(user.groups.length > 0 && { 'cognito:groups': user.groups }),
    ...(tenant !== undefined && { 'custom:tenant_id': tenant }),
    ...(seller !== undefined && { 'custom:seller_id': seller }),
    token_use: 'id',
  };
}

const userClaims = [
  'sub',
  'auth_time',
  'email',
  'email_verified',
  'cognito:username',
  'cognito:groups',
  'custom:tenant_id',
  'custom:seller_id',
  'token_use',
];

/** The OpenID provider behind the hosted UI, with Cognito's paths, tokens and lifetimes. */
export function createProvider(
  settings: PoolSettings,
  secrets: PoolSecrets,
  users: Users,
  state: StateStore,
): Provider {
  const provider = new Provider(settings.issuer, {
    adapter: createAdapter(state, settings.rotation?.retryGraceSeconds ?? 0),
    jwks: { keys: [secrets.signingKey] },
    clients: [
      {
        client_id: awsNames.clientId,
        client_secret: secrets.clientSecret,
        redirect_uris: [...settings.callbackUrls],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        scope: scopes,
      },
    ],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    responseTypes: ['code'],
    scopes: scopes.split(' '),
    claims: { openid: userClaims, email: [], profile: [] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    routes: {
      authorization: '/oauth2/authorize',
      token: '/oauth2/token',
      revocation: '/oauth2/revoke',
      userinfo: '/oauth2/userInfo',
      jwks: '/oidc/jwks.json',
      end_session: '/oidc/session/end',
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: accessTokens(settings),
    },
    extraTokenClaims: async (_ctx, token) => {
      const user = 'accountId' in token ? await users.find(String(token.accountId)) : undefined;
      if (!user) return undefined;
      return {
        token_use: 'access',
        version: 2,
        username: user.sub,
        ...(user.groups.length > 0 && { 'cognito:groups': user.groups }),
      };
    },
    cookies: {
      // Cookies are shared by all ports of a host: these names must differ from those of the portal and of other stacks.
      names: { session: 'cognito', interaction: 'cognito_sign_in', resume: 'cognito_resume' },
      keys: [secrets.cookieKey],
      long: { httpOnly: true, sameSite: 'lax', signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    ttl: {
      IdToken: settings.tokenSeconds,
      AccessToken: settings.tokenSeconds,
      AuthorizationCode: 300,
      RefreshToken: refreshTokenSeconds,
      Grant: refreshTokenSeconds,
      Session: hostedUiSessionSeconds,
      Interaction: 3600,
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    rotateRefreshToken: settings.rotation !== null,
    interactions: { policy: signInPolicy(), url: (_ctx, interaction) => `/login/${interaction.uid}` },
    loadExistingGrant: (ctx) => grantEverything(ctx, settings),
    findAccount: async (_ctx, sub) => {
      const user = await users.find(sub);
      if (!user?.enabled || user.sub !== sub) return undefined;
      return { accountId: user.sub, claims: async () => ({ sub: user.sub, ...idTokenClaims(user) }) };
    },
    renderError: (ctx, out, error) => {
      const description = out.error_description ?? out.error;
      ctx.type = 'html';
      ctx.body = refusalPage({ name: error.name, description }, homeOf(settings.callbackUrls)).html;
    },
  } satisfies Configuration);
  return provider;
}

/** Access tokens are JWTs, as in Cognito. Their audience is the pool itself. */
function accessTokens(settings: PoolSettings) {
  return {
    enabled: true,
    defaultResource: () => settings.issuer,
    useGrantedResource: () => true,
    getResourceServerInfo: () => ({
      scope: scopes,
      audience: awsNames.clientId,
      accessTokenFormat: 'jwt' as const,
      accessTokenTTL: settings.tokenSeconds,
    }),
  };
}

/** Cognito does not ask for consent. There is one grant per sign-in, so revoking a refresh token ends only that sign-in. */
async function grantEverything(ctx: KoaContextWithOIDC, settings: PoolSettings) {
  const { account, client, provider, requestParamScopes } = ctx.oidc;
  if (!account || !client) return undefined;
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  const asked = [...requestParamScopes].join(' ');
  grant.addOIDCScope(asked);
  grant.addResourceScope(settings.issuer, asked);
  await grant.save();
  return grant;
}

/** Also asks for the password when the user of the hosted UI's session was disabled or deleted meanwhile. */
function signInPolicy() {
  const policy = basePolicy();
  const login = policy.get('login');
  login?.checks.add(
    new Check('account_gone', 'the user of this session may not sign in', (ctx) =>
      ctx.oidc.session?.accountId && !ctx.oidc.account ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
    ),
  );
  return policy;
}
