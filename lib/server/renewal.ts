import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { userPool } from './cognito';
import * as people from './people';
import { createRotation, isDue, type Renewal, type Rotated } from './rotation';
import {
  type CookieChange,
  endedCookie,
  readSession,
  sessionCookieName,
  writeSession,
} from './session-cookie';

let rotate: ((renewal: Renewal) => Promise<Rotated>) | undefined;

/**
 * The cookie changes from renewing the session in `cookies`: a fresh session, or its removal when it is over. None when
 * the session is fresh or absent, or Cognito or the database is unreachable.
 */
export async function renewSession(
  cookies: ReadonlyMap<string, string>,
  requestId: string,
): Promise<readonly CookieChange[]> {
  const { NEXTAUTH_URL: portalUrl, NEXTAUTH_SECRET: secret } = env();
  const session = await readSession(cookies, sessionCookieName(portalUrl), secret);
  if (!session || !isDue(session, Date.now())) return [];

  rotate ??= createRotation({ pool: userPool(), people });
  const rotated = await rotate({ session, requestId });
  const lines = { request: requestId, actor: session.sub };
  if (rotated.state === 'fresh') return writeSession(cookies, rotated.session, { portalUrl, secret });
  if (rotated.state === 'unreachable') {
    log.warn({ ...lines, err: rotated.error }, 'session could not be renewed');
    return [];
  }
  log.info({ ...lines, reason: rotated.reason }, 'session ended');
  return [
    ...(await writeSession(cookies, null, { portalUrl, secret })),
    endedCookie(rotated.reason, portalUrl),
  ];
}
