import { decode, encode } from 'next-auth/jwt';
import { z } from 'zod';
import { groups } from '@/lib/domain/actor';
import { hourSeconds } from '@/lib/domain/time';
import type { Identity } from './claims';

/** What the encrypted session cookie holds. It never leaves the server in the clear. */
export interface Session extends Identity {
  readonly refreshToken: string;
}

/** A session that nobody uses ends after this time. Seconds. */
export const sessionSeconds = 12 * hourSeconds;

/** Name of the cookie that tells the next page why there is no session any more. */
export const endedCookieName = 'annex.session-ended';

const session = z.object({
  sub: z.string(),
  email: z.string(),
  tenantId: z.string().nullable(),
  roles: z.array(z.enum(groups)),
  issuedAt: z.number(),
  expiresAt: z.number(),
  refreshToken: z.string(),
});

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
    /** Long ago when the cookie is removed: Next repeats our cookies on a redirect, and loses a `maxAge` of 0. */
    readonly expires?: Date;
  };
}

type Cookies = ReadonlyMap<string, string>;

/** A cookie may have 4096 bytes with its name and attributes, for which next-auth leaves room, too. */
const chunkLength = 3933;

/** The name that next-auth gives its session cookie at this address. */
export function sessionCookieName(portalUrl: string): string {
  return `${isSecure(portalUrl) ? '__Secure-' : ''}next-auth.session-token`;
}

/** Whether cookies of the portal at this address are for https alone. */
export const isSecure = (portalUrl: string): boolean => portalUrl.startsWith('https:');

/** The session that `cookies` carry, whole or in chunks; null when there is none or it was tampered with. */
export async function readSession(cookies: Cookies, name: string, secret: string): Promise<Session | null> {
  const token = cookies.get(name) || chunksOf(cookies, name).join('');
  if (token === '') return null;
  const payload = await decode({ token, secret }).catch(() => null);
  const parsed = session.safeParse(payload);
  return parsed.success ? parsed.data : null;
}

/** The cookies that put `next` in place of what `cookies` carry, or remove it when `next` is null. */
export async function writeSession(
  cookies: Cookies,
  next: Session | null,
  to: { readonly portalUrl: string; readonly secret: string },
): Promise<readonly CookieChange[]> {
  const name = sessionCookieName(to.portalUrl);
  const options = optionsFor(to.portalUrl);
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
  ];
}

/** Says why there is no session any more, for ten minutes; null removes it. */
export function endedCookie(reason: 'expired' | null, portalUrl: string): CookieChange {
  const life = reason ? { maxAge: 600 } : gone;
  return { name: endedCookieName, value: reason ?? '', options: { ...optionsFor(portalUrl), ...life } };
}

/** The `Set-Cookie` line of a change. Values are base64url, dots and words: they need no quoting. */
export function serializeCookie({ name, value, options }: CookieChange): string {
  const secure = options.secure ? '; Secure' : '';
  return `${name}=${value}; Path=${options.path}; Max-Age=${options.maxAge}; HttpOnly; SameSite=Lax${secure}`;
}

const gone = { maxAge: 0, expires: new Date(0) } as const;

const optionsFor = (portalUrl: string) =>
  ({ httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure(portalUrl) }) as const;

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
