import { memo } from '@/lib/memo';
import { RefreshRefused, type UserPool } from './cognito';
import type { Session } from './session-cookie';

export type Rotated =
  | { readonly state: 'fresh'; readonly session: Session }
  /** Cognito will not renew it: the person has to sign in again. */
  | { readonly state: 'refused' }
  /** Cognito cannot be reached: keep the session and try again with the next request. */
  | { readonly state: 'unreachable'; readonly error: unknown };

/** How long a result serves requests that left the browser before the new cookie reached it. */
const rememberedMs = 60_000;
const capacity = 10_000;

/** Whether a session's ID token ends within a minute, or within a quarter of its life when that is shorter. */
export function isDue(session: Session, nowMs: number): boolean {
  const marginSeconds = Math.min(60, (session.expiresAt - session.issuedAt) / 4);
  return nowMs / 1000 >= session.expiresAt - marginSeconds;
}

/**
 * Renews sessions, each at most once at a time: requests side by side share one refresh, since a pool that rotates
 * refresh tokens takes the old one back.
 */
export function createRotation(pool: Pick<UserPool, 'refresh'>, now: () => number = Date.now) {
  return memo((session: Session) => renew(pool, session), {
    keyOf: ({ refreshToken }) => refreshToken,
    until: ({ state }) => (state === 'unreachable' ? 0 : now() + rememberedMs),
    capacity,
    now,
  });
}

async function renew(pool: Pick<UserPool, 'refresh'>, session: Session): Promise<Rotated> {
  try {
    const fresh = await pool.refresh(session.refreshToken);
    // A token of somebody else would hand one person's session to another.
    if (fresh.sub !== session.sub) return { state: 'refused' };
    return { state: 'fresh', session: fresh };
  } catch (error) {
    return error instanceof RefreshRefused ? { state: 'refused' } : { state: 'unreachable', error };
  }
}
