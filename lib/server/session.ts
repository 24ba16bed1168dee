import { cookies } from 'next/headers';
import { cache } from 'react';
import { env } from '@/lib/env';
import { AnnexError } from '@/lib/errors';
import { endedCookieName, readSession, type Session, sessionCookieName } from './session-cookie';

/** The people's side of a session. */
export type CurrentSession = Omit<Session, 'refreshToken'>;

/**
 * Who is signed in, by the verified ID token; null when nobody is. Throws `dependency_failed` when the token has expired
 * and `proxy.ts` could not have it renewed. It says nothing about whether the person may do anything: see `context.ts`.
 */
export const currentSession = cache(async (): Promise<CurrentSession | null> => {
  // Before the settings are read: a build has none, and learns here that the page waits for a request.
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

/** Whether there was a session in this browser that Cognito refused to renew. */
export async function sessionHasExpired(): Promise<boolean> {
  return (await cookies()).has(endedCookieName);
}
