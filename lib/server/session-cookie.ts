import { decode, encode } from 'next-auth/jwt';
import { z } from 'zod';
import { groups } from '@/lib/domain/actor';
import { hourSeconds } from '@/lib/domain/time';
import { memo } from '@/lib/memo';
import { oneInProcess } from '@/lib/one-in-process';
import type { Identity } from './claims';

/** The content of the encrypted session cookie. It never leaves the server unencrypted. */
export interface Session extends Identity {
  /** When the person signed in, ms since the epoch. Renewals keep it: sign-out and the like end sessions by it. */
  readonly signedInAt: number;
  readonly refreshToken: string;
}

/**
 * Why a session is over: the user pool renewed it no more, the person has other roles or another tenant now, or is disabled, or it was
 * ended otherwise, as by a sign-out in another browser.
 */
export const endReasons = ['expired', 'changed', 'disabled', 'ended'] as const;
export type EndReason = (typeof endReasons)[number];

/** An unused session ends after this time, s. */
export const sessionSeconds = 12 * hourSeconds;

/** Name of the cookie that tells the next page why the session ended. */
export const endedCookieName = 'annex.session-ended';

const session = z.object({
  sub: z.string(),
  email: z.string(),
  tenantId: z.string().nullable(),
  sellerId: z.string().nullable().default(null),
  roles: z.array(z.enum(groups)),
  issuedAt: z.number(),
  expiresAt: z.number(),
  signedInAt: z.number(),
  refreshToken: z.string(),
});

/** Whether a session's ID token ends within a minute, or within a quarter of its life when that is shorter. */
export const isDue = (session: Session, nowMs: number): boolean => nowMs >= dueAt(session);

/** When a session is due, ms since the epoch. */
export function dueAt({ issuedAt, expiresAt }: Session): number {
  return (expiresAt - Math.min(60, (expiresAt - issuedAt) / 4)) * 1000;
}

export interface CookieChange {
  readonly name: string;
  readonly value: string;
  readonly options: {
    readonly httpOnly: true;
    readonly sameSite: 'lax';
    readonly path: '/';
    readonly secure: boolean;
    /** Seconds; 0 removes the cookie. */
    readonly maxAge: number;
    /** In the past to remove the cookie: Next repeats our cookies on a redirect and drops a `maxAge` of 0. */
    readonly expires?: Date;
  };
}

type Cookies = ReadonlyMap<string, string>;

/**
 * A cookie is limited to 4096 bytes including its name and attributes; next-auth reserves space for them too.
 */
const chunkLength = 3933;

const baseName = 'next-auth.session-token';

/** The name of the session cookie for this portal URL. Behind https no other host and no page without TLS can set it. */
export function sessionCookieName(portalUrl: string): string {
  return `${isSecure(portalUrl) ? '__Host-' : ''}${baseName}`;
}

/** The attributes of the session cookie for this portal URL. */
export const sessionCookieOptions = (portalUrl: string) =>
  ({ httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure(portalUrl) }) as const;

/** Whether the portal's cookies are for https only. */
export const isSecure = (portalUrl: string): boolean => portalUrl.startsWith('https:');

/** The session in `cookies`, in one piece or in chunks; null if there is none or it was tampered with. */
export async function readSession(cookies: Cookies, name: string, secret: string): Promise<Session | null> {
  const token = cookies.get(name) || chunksOf(cookies, name).join('');
  if (token === '') return null;
  return (await open({ token, secret }))?.session ?? null;
}

/**
 * What a session cookie holds, until it ends. Several places of one request read the same cookie, and the key that opens it takes
 * longer to derive than a row to read.
 */
const open = oneInProcess('session-cookies', () =>
  memo(
    async (sealed: { readonly token: string; readonly secret: string }) => {
      const payload = await decode(sealed).catch(() => null);
      const parsed = session.safeParse(payload);
      return parsed.success ? { session: parsed.data, endsAt: Number(payload?.exp) * 1000 } : null;
    },
    {
      keyOf: ({ token, secret }) => `${secret} ${token}`,
      capacity: 2000,
      until: (opened) => opened?.endsAt ?? 0,
    },
  ),
);

/** The cookie changes that replace the session in `cookies` with `next`, or remove it if `next` is null. */
export async function writeSession(
  cookies: Cookies,
  next: Session | null,
  to: { readonly portalUrl: string; readonly secret: string },
): Promise<readonly CookieChange[]> {
  const name = sessionCookieName(to.portalUrl);
  const options = sessionCookieOptions(to.portalUrl);
  const token = next ? await encode({ token: { ...next }, secret: to.secret, maxAge: sessionSeconds }) : '';
  const written = split(token, name);
  const stale = [...cookies.keys()].filter((key) => isSessionCookie(key, name) && !written.has(key));
  return [
    ...[...written].map(([key, value]) => ({
      name: key,
      value,
      options: { ...options, maxAge: sessionSeconds },
    })),
    ...stale.map((key) => ({ name: key, value: '', options: { ...options, ...gone } })),
    ...dropEarlierSessions(cookies, to.portalUrl),
  ];
}

/** The cookie changes that remove session cookies of the names that they had before, or have at an address without TLS. */
export function dropEarlierSessions(cookies: Cookies, portalUrl: string): readonly CookieChange[] {
  const current = sessionCookieName(portalUrl);
  const earlier = [baseName, `__Secure-${baseName}`].filter((name) => name !== current);
  return [...cookies.keys()]
    .filter((key) => earlier.some((name) => isSessionCookie(key, name)))
    .map((key) => ({ name: key, value: '', options: { ...sessionCookieOptions(portalUrl), ...gone } }));
}

/** Cookie change that says why the session ended, for ten minutes; null removes it. */
export function endedCookie(reason: EndReason | null, portalUrl: string): CookieChange {
  const life = reason ? { maxAge: 600 } : gone;
  return {
    name: endedCookieName,
    value: reason ?? '',
    options: { ...sessionCookieOptions(portalUrl), ...life },
  };
}

/** The `Set-Cookie` line of a change. Values are base64url, dots and words, so they need no quoting. */
export function serializeCookie({ name, value, options }: CookieChange): string {
  const secure = options.secure ? '; Secure' : '';
  const expires = options.expires ? `; Expires=${options.expires.toUTCString()}` : '';
  return `${name}=${value}; Path=${options.path}; Max-Age=${options.maxAge}${expires}; HttpOnly; SameSite=Lax${secure}`;
}

const gone = { maxAge: 0, expires: new Date(0) } as const;

function split(token: string, name: string): ReadonlyMap<string, string> {
  if (token === '') return new Map();
  if (token.length <= chunkLength) return new Map([[name, token]]);
  const count = Math.ceil(token.length / chunkLength);
  return new Map(
    Array.from({ length: count }, (_, at) => [
      `${name}.${at}`,
      token.slice(at * chunkLength, (at + 1) * chunkLength),
    ]),
  );
}

function chunksOf(cookies: Cookies, name: string): readonly string[] {
  const chunks: string[] = [];
  for (let at = 0; ; at += 1) {
    const chunk = cookies.get(`${name}.${at}`);
    if (chunk === undefined) return chunks;
    chunks.push(chunk);
  }
}

function isSessionCookie(key: string, name: string): boolean {
  return key === name || (key.startsWith(`${name}.`) && /^\d+$/.test(key.slice(name.length + 1)));
}
