import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';
import { type Env, env } from '@/lib/env';
import { outages } from '@/lib/log';
import { memoOne } from '@/lib/memo';
import { type Identity, identityOf } from './claims';

/** Identity and refresh token after a refresh. */
export interface Refreshed extends Identity {
  readonly refreshToken: string;
}

/** Cognito will not renew these tokens: they were revoked, have expired, or the user is disabled. */
export class RefreshRefused extends Error {}

/** What Annex needs from the user pool besides sign-in, which next-auth handles. */
export interface UserPool {
  /**
   * Gets new tokens for a refresh token. Throws RefreshRefused; any other error means that the pool is unreachable.
   */
  refresh(refreshToken: string): Promise<Refreshed>;
  /** Revokes a refresh token and the tokens issued from it. Throws when the pool is unreachable. */
  revoke(refreshToken: string): Promise<void>;
  /** The URL at which a browser ends its session at the hosted UI; it then returns to `/signed-out`. */
  logoutUrl(): string;
}

/** Its name in the log. */
export const signInService = 'sign-in service';

const timeoutMs = 10_000;
/** Whoever signs out waits for this one, and the sessions are over already. */
const revocationTimeoutMs = 2000;

const discoverySchema = z.object({
  token_endpoint: z.url(),
  revocation_endpoint: z.url(),
  jwks_uri: z.url(),
});
const tokensSchema = z.object({ id_token: z.string(), refresh_token: z.string().optional() });

let pool: UserPool | undefined;

/** The user pool from this process's settings. */
export function userPool(): UserPool {
  pool ??= createUserPool(env());
  return pool;
}

/** The user pool did not answer, or failed itself. */
class Unreachable extends Error {}

/** The response to a request of the user pool. Throws Unreachable. */
async function fromPool(url: string, init: RequestInit = {}, limitMs = timeoutMs): Promise<Response> {
  const signal = AbortSignal.timeout(limitMs);
  const response = await fetch(url, { ...init, signal, cache: 'no-store' }).catch((error: unknown) => {
    throw new Unreachable(reasonOf(error), { cause: error });
  });
  if (response.status >= 500) throw new Unreachable(`${new URL(url).pathname} answered ${response.status}`);
  return response;
}

/** Why a `fetch` failed: its own message is always the same. */
function reasonOf(error: unknown): string {
  const { cause = error } = Object(error) as { cause?: unknown };
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

const watched = (ask: () => Promise<Response>): Promise<Response> =>
  outages.watch(signInService, (error) => error instanceof Unreachable, ask);

/**
 * A pool that discovers its endpoints at first use and again after a failure. Each request times out after ten
 * seconds, a revocation after two.
 */
export function createUserPool(settings: PoolSettings): UserPool {
  const basic = Buffer.from(`${settings.COGNITO_CLIENT_ID}:${settings.COGNITO_CLIENT_SECRET}`).toString(
    'base64',
  );
  const endpoints = memoOne(() => discover(settings.COGNITO_ISSUER));
  const post = (url: string, form: Record<string, string>, limitMs = timeoutMs) =>
    watched(() =>
      fromPool(
        url,
        {
          method: 'POST',
          headers: { authorization: `Basic ${basic}` },
          body: new URLSearchParams(form),
        },
        limitMs,
      ),
    );

  return {
    refresh: async (refreshToken) => {
      const { tokenEndpoint, keys } = await endpoints();
      const response = await post(tokenEndpoint, {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      });
      const body: unknown = await response.json();
      if (!response.ok) {
        const { error } = z.object({ error: z.string() }).parse(body);
        if (error === 'invalid_grant') throw new RefreshRefused(error);
        throw new Error(`the token endpoint answered ${response.status} ${error}`);
      }
      const tokens = tokensSchema.parse(body);
      const { payload } = await jwtVerify(tokens.id_token, keys, {
        issuer: settings.COGNITO_ISSUER,
        audience: settings.COGNITO_CLIENT_ID,
        algorithms: ['RS256'],
        clockTolerance: 10,
      });
      // Only a pool with refresh-token rotation sends a new one.
      return { ...identityOf(payload), refreshToken: tokens.refresh_token ?? refreshToken };
    },
    revoke: async (refreshToken) => {
      const { revocationEndpoint } = await endpoints();
      const response = await post(revocationEndpoint, { token: refreshToken }, revocationTimeoutMs);
      if (!response.ok) throw new Error(`the revocation endpoint answered ${response.status}`);
    },
    logoutUrl: () => {
      const url = new URL('/logout', settings.COGNITO_DOMAIN);
      url.searchParams.set('client_id', settings.COGNITO_CLIENT_ID);
      url.searchParams.set('logout_uri', new URL('/signed-out', settings.NEXTAUTH_URL).href);
      return url.href;
    },
  };
}

type PoolSettings = Pick<
  Env,
  'COGNITO_ISSUER' | 'COGNITO_DOMAIN' | 'COGNITO_CLIENT_ID' | 'COGNITO_CLIENT_SECRET' | 'NEXTAUTH_URL'
>;

async function discover(issuer: string) {
  const response = await watched(() => fromPool(`${issuer}/.well-known/openid-configuration`));
  if (!response.ok) throw new Error(`the issuer's discovery document answered ${response.status}`);
  const document = discoverySchema.parse(await response.json());
  return {
    tokenEndpoint: document.token_endpoint,
    revocationEndpoint: document.revocation_endpoint,
    keys: createRemoteJWKSet(new URL(document.jwks_uri)),
  };
}
