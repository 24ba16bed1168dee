import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { viewerCookie } from '@/lib/viewer';
import { userPool } from './cognito';
import * as people from './people';
import { findPerson } from './people';
import { createRotation, type Renewal, type Rotated } from './rotation';
import {
  type CookieChange,
  type EndReason,
  endedCookie,
  isDue,
  readSession,
  type Session,
  sessionCookieName,
  writeSession,
} from './session-cookie';

let rotate: ((renewal: Renewal) => Promise<Rotated>) | undefined;

/**
 * The cookie changes from renewing the session in `cookies`: a fresh session, or its removal when it is over. None when
 * the session is fresh or absent, or Cognito or the database is unreachable. A session without the cookie that names its person
 * is removed if it is over: the answer of a renewal may set it after that of a sign-out has removed both.
 */
export async function renewSession(
  cookies: ReadonlyMap<string, string>,
  requestId: string,
): Promise<readonly CookieChange[]> {
  const { NEXTAUTH_URL: portalUrl, NEXTAUTH_SECRET: secret } = env();
  const session = await readSession(cookies, sessionCookieName(portalUrl), secret);
  if (!session) return [];
  const lines = { request: requestId, actor: session.sub };
  const over = async (reason: EndReason): Promise<readonly CookieChange[]> => {
    log.info({ ...lines, reason }, 'session ended');
    return [...(await writeSession(cookies, null, { portalUrl, secret })), endedCookie(reason, portalUrl)];
  };
  if (!isDue(session, Date.now())) {
    return !cookies.get(viewerCookie) && (await isOver(session)) ? over('ended') : [];
  }

  rotate ??= createRotation({ pool: userPool(), people });
  const rotated = await rotate({ session, requestId });
  if (rotated.state === 'fresh') return writeSession(cookies, rotated.session, { portalUrl, secret });
  if (rotated.state === 'unreachable') {
    log.warn({ ...lines, err: rotated.error }, 'session could not be renewed');
    return [];
  }
  return over(rotated.reason);
}

/** Whether the database says so; the pages decide while it does not respond. */
const isOver = (session: Session): Promise<boolean> =>
  findPerson(session).then(
    ({ ended }) => ended,
    () => false,
  );
