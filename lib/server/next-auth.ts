import type { NextApiRequest, NextApiResponse } from 'next';
import NextAuth, { type AuthOptions } from 'next-auth';
import CognitoProvider from 'next-auth/providers/cognito';
import type { Role } from '@/lib/domain/actor';
import { env } from '@/lib/env';
import { log, outages } from '@/lib/log';
import { isReported } from '@/lib/outages';
import { callbackPath } from './callback-url';
import { type Identity, identityOf } from './claims';
import { signInService } from './cognito';
import { type Session, sessionCookieName, sessionCookieOptions, sessionSeconds } from './session-cookie';

declare module 'next-auth' {
  interface Session {
    /** What a browser may know about the signed-in person: never a token. */
    user?: { email: string; tenantId: string | null; roles: readonly Role[] };
  }
}

/** A request in the form next-auth expects, without Next's own request object. */
export interface AuthRequest {
  /** What follows `/api/auth/`. */
  readonly path: readonly string[];
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
}

/** Called after a sign-in; returns when the session begins, ms since the epoch. If it fails, the sign-in fails. */
export type OnSignIn = (identity: Identity) => Promise<number>;

function authOptions(onSignIn: OnSignIn): AuthOptions {
  const settings = env();
  return {
    secret: settings.NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    jwt: { maxAge: sessionSeconds },
    cookies: {
      sessionToken: {
        name: sessionCookieName(settings.NEXTAUTH_URL),
        options: sessionCookieOptions(settings.NEXTAUTH_URL),
      },
    },
    pages: { signIn: '/sign-in', error: '/auth-error' },
    providers: [
      CognitoProvider({
        clientId: settings.COGNITO_CLIENT_ID,
        clientSecret: settings.COGNITO_CLIENT_SECRET,
        issuer: settings.COGNITO_ISSUER,
        checks: ['pkce', 'state', 'nonce'],
        authorization: { params: { scope: 'openid email profile' } },
        httpOptions: { timeout: 10_000 },
      }),
    ],
    callbacks: {
      redirect: ({ url, baseUrl }) => new URL(callbackPath(url, baseUrl), baseUrl).href,
      // `account` exists only after next-auth has verified the ID token's signature, issuer, audience, nonce
      // and expiry.
      jwt: async ({ token, account, profile }) => {
        if (!account) return token;
        if (!account.refresh_token) throw new Error('the user pool sent no refresh token');
        const identity = identityOf(profile);
        const session: Session = {
          ...identity,
          signedInAt: await onSignIn(identity),
          refreshToken: account.refresh_token,
        };
        return { ...session };
      },
      session: ({ session, token }) => {
        const { email, tenantId, roles } = token as unknown as Session;
        return { expires: session.expires, user: { email, tenantId, roles } };
      },
    },
    logger: {
      // Only names and messages: next-auth's errors may hold tokens.
      error: (code, metadata) => {
        const error = errorOf(metadata);
        if (isUnreachable(error)) outages.failed(signInService, error);
        if (!isReported(error)) log.warn({ code, reason: reasonOf(error) }, 'next-auth failed');
      },
      warn: (code) => log.warn({ code }, 'next-auth warning'),
      debug: () => undefined,
    },
  };
}

/** Runs next-auth. */
export async function runNextAuth(request: AuthRequest, onSignIn: OnSignIn): Promise<Response> {
  const answer = new Answer();
  const incoming = {
    query: { ...request.query, nextauth: [...request.path] },
    method: request.method,
    body: request.body,
    cookies: request.cookies,
    headers: {},
  };
  // Its handler for the pages router uses only these members, and accepts cookies that the request itself did
  // not have.
  await NextAuth(
    incoming as unknown as NextApiRequest,
    answer as unknown as NextApiResponse,
    authOptions(onSignIn),
  );
  return answer.response();
}

class Answer {
  readonly #headers = new Map<string, string | readonly string[]>();
  #status = 200;
  #body: string | null = null;

  status(status: number): this {
    this.#status = status;
    return this;
  }
  getHeader(name: string) {
    return this.#headers.get(name.toLowerCase());
  }
  setHeader(name: string, value: string | readonly string[]): this {
    this.#headers.set(name.toLowerCase(), value);
    return this;
  }
  end(): void {
    // Nothing is sent before `response`.
  }
  json(body: unknown): void {
    this.setHeader('content-type', 'application/json').#body = JSON.stringify(body);
  }
  send(body: unknown): void {
    if (typeof body === 'string' || body === undefined) this.#body = body ?? null;
    else this.json(body);
  }
  response(): Response {
    const headers = new Headers();
    for (const [name, value] of this.#headers) {
      for (const one of typeof value === 'string' ? [value] : value) headers.append(name, one);
    }
    return new Response(this.#body, { status: this.#status, headers });
  }
}

const errorOf = (metadata: unknown): unknown =>
  metadata instanceof Error ? metadata : (metadata as { error?: unknown } | undefined)?.error;

/** Whether an error of next-auth's requests to the user pool says that it did not answer, or failed itself. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { readonly code?: unknown };
  return (
    (typeof code === 'string' && /^E[A-Z]+$/.test(code)) ||
    /outgoing request timed out|expected 200 OK, got: 5\d\d/.test(error.message)
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error ?? 'unknown');
}
