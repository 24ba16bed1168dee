import { cookies } from 'next/headers';
import { cache } from 'react';
import { env } from '@/lib/env';
import { AnnexError } from '@/lib/errors';
import {
  type EndReason,
  endedCookieName,
  endReasons,
  readSession,
  type Session,
  sessionCookieName,
} from './session-cookie';

/** Sessions of people. */
export type CurrentSession = Omit<Session, 'refreshToken'>;

/**
 * Who is signed in according to the verified ID token; null if nobody. Throws `dependency_failed` when the token has
 * expired and `proxy.ts` could not renew it. It does not authorise, and does not know whether the session was ended:
 * see `context.ts`.
 */
export const currentSession = cache(async (): Promise<CurrentSession | null> => {
  // Before reading the settings: a build has none, and learns here that the page is rendered per request.
  const all = new Map((await cookies()).getAll().map(({ name, value }) => [name, value]));
  const { NEXTAUTH_URL: portalUrl, NEXTAUTH_SECRET: secret } = env();
  const session = await readSession(all, sessionCookieName(portalUrl), secret);
  if (!session) return null;
  if (session.expiresAt * 1000 <= Date.now()) {
    const message = 'The sign-in service cannot be reached. You are still signed in. Try again in a minute.';
    throw new AnnexError('dependency_failed', message);
  }
  const { refreshToken: _, ...rest } = session;
  return rest;
});

/** Why the session that this browser had is over, if the proxy ended it; null otherwise. */
export async function endOfSession(): Promise<EndReason | null> {
  const reason = (await cookies()).get(endedCookieName)?.value;
  return endReasons.find((known) => known === reason) ?? null;
}
