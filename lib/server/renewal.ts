import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { userPool } from './cognito';
import { createRotation, isDue, type Rotated } from './rotation';
import {
  type CookieChange,
  endedCookie,
  readSession,
  type Session,
  sessionCookieName,
  writeSession,
} from './session-cookie';

let rotate: ((session: Session) => Promise<Rotated>) | undefined;

/**
 * The cookie changes from renewing the session in `cookies`: a fresh session, or its removal when Cognito refused.
 * None when the session is fresh or absent, or Cognito is unreachable.
 */
export async function renewSession(
  cookies: ReadonlyMap<string, string>,
  requestId: string,
): Promise<readonly CookieChange[]> {
  const { NEXTAUTH_URL: portalUrl, NEXTAUTH_SECRET: secret } = env();
  const session = await readSession(cookies, sessionCookieName(portalUrl), secret);
  if (!session || !isDue(session, Date.now())) return [];

  rotate ??= createRotation(userPool());
  const rotated = await rotate(session);
  const lines = { request: requestId, actor: session.sub };
  if (rotated.state === 'fresh') return writeSession(cookies, rotated.session, { portalUrl, secret });
  if (rotated.state === 'unreachable') {
    log.warn({ ...lines, err: rotated.error }, 'session could not be renewed: user pool unreachable');
    return [];
  }
  log.info(lines, 'user pool refused to renew a session');
  return [...(await writeSession(cookies, null, { portalUrl, secret })), endedCookie('expired', portalUrl)];
}
