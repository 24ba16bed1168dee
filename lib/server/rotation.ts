import { memo } from '@/lib/memo';
import { RefreshRefused, type UserPool } from './cognito';
import type { Session } from './session-cookie';

export type Rotated =
  | { readonly state: 'fresh'; readonly session: Session }
  /** Cognito will not renew it; the person must sign in again. */
  | { readonly state: 'refused' }
  /** Cognito is unreachable; keep the session and try again with the next request. */
  | { readonly state: 'unreachable'; readonly error: unknown };

/** How long a result is reused for requests that left the browser before the new cookie arrived. */
const rememberedMs = 60_000;
const capacity = 10_000;

/** Whether a session's ID token ends within a minute, or within a quarter of its life when that is shorter. */
export function isDue(session: Session, nowMs: number): boolean {
  const marginSeconds = Math.min(60, (session.expiresAt - session.issuedAt) / 4);
  return nowMs / 1000 >= session.expiresAt - marginSeconds;
}

/**
 * Renews sessions, one refresh per session at a time: concurrent requests share it, because a pool with rotation
 * revokes the old refresh token.
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
    // Another person's token would hand this session to them.
    if (fresh.sub !== session.sub) return { state: 'refused' };
    return { state: 'fresh', session: fresh };
  } catch (error) {
    return error instanceof RefreshRefused ? { state: 'refused' } : { state: 'unreachable', error };
  }
}
