import { createHmac } from 'node:crypto';
import { env } from '@/lib/env';
import { viewerChangedCookie, viewerCookie } from '@/lib/viewer';
import type { Identity } from './claims';
import { isSecure, readSession, sessionCookieName } from './session-cookie';

type Person = Pick<Identity, 'sub' | 'tenantId'>;

/**
 * The marker of a person in a tenant, as pages carry it: two sessions of the same person have the same one. It tells
 * nothing about the person and opens nothing.
 */
export function viewerOf({ sub, tenantId }: Person, secret = env().NEXTAUTH_SECRET): string {
  const text = JSON.stringify(['viewer', sub, tenantId]);
  return createHmac('sha256', secret).update(text).digest('base64url').slice(0, 22);
}

/** The person whose session is in `cookies`; null if nobody is signed in. */
export async function viewerIn(
  cookies: ReadonlyMap<string, string>,
): Promise<{ readonly marker: string; readonly email: string } | null> {
  const { NEXTAUTH_URL: portalUrl, NEXTAUTH_SECRET: secret } = env();
  const session = await readSession(cookies, sessionCookieName(portalUrl), secret);
  return session && { marker: viewerOf(session), email: session.email };
}

/** Whether a page says (`claimed`) that it was made for somebody else than the person with the marker `viewer`. */
export const isForAnother = (claimed: unknown, viewer: string): boolean =>
  typeof claimed === 'string' && claimed !== viewer;

/** What a page of somebody else is told. */
export const signedInAs = (email: string): string =>
  `You are signed in as ${email} now. This page belongs to another user. Nothing was changed. Reload the page.`;

const options = () => ({ path: '/', sameSite: 'lax', secure: isSecure(env().NEXTAUTH_URL) }) as const;

/** The cookie that names the signed-in person to the pages in this browser; null removes it. */
export const viewerCookieFor = (marker: string | null) => ({
  name: viewerCookie,
  value: marker ?? '',
  ...options(),
  ...(marker === null && { maxAge: 0, expires: new Date(0) }),
});

/** The cookie after which the next page says who is signed in now. */
export const viewerChanged = () => ({
  name: viewerChangedCookie,
  value: '1',
  ...options(),
  /** Seconds. */
  maxAge: 5,
});
