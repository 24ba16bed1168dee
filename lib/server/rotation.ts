import { memo } from '@/lib/memo';
import { hasSameAccess } from './claims';
import { RefreshRefused, type UserPool } from './cognito';
import type * as people from './people';
import { dueAt, type EndReason, type Session } from './session-cookie';

export type Rotated =
  | { readonly state: 'fresh'; readonly session: Session }
  /** The session is over; the person must sign in again. */
  | { readonly state: 'ended'; readonly reason: EndReason }
  /** Cognito or the database is unreachable; keep the session and try again with the next request. */
  | { readonly state: 'unreachable'; readonly error: unknown };

/** What a renewal needs from the user pool and the records of people. */
export interface RotationPorts {
  readonly pool: Pick<UserPool, 'refresh'>;
  readonly people: Pick<typeof people, 'findPerson' | 'continueSession' | 'endAllSessions'>;
}

/** A session to renew, and the request that asks for it. */
export interface Renewal {
  readonly session: Session;
  readonly requestId: string;
}

/** How long a result is reused for requests that left the browser before the new cookie arrived. */
const rememberedMs = 60_000;
const capacity = 10_000;

/**
 * Renews sessions, one refresh per session at a time in this process: concurrent requests share it. Other processes may
 * renew the same session beside it: a pool that rotates refresh tokens must accept the old one for a minute.
 */
export function createRotation(ports: RotationPorts, now: () => number = Date.now) {
  return memo((renewal: Renewal) => renew(ports, renewal), {
    keyOf: ({ session }) => session.refreshToken,
    until: (rotated) => {
      if (rotated.state === 'unreachable') return 0;
      const end = now() + rememberedMs;
      // Without rotation the refresh token stays the same, and so does the key.
      return rotated.state === 'fresh' ? Math.min(end, dueAt(rotated.session)) : end;
    },
    capacity,
    now,
  });
}

async function renew({ pool, people }: RotationPorts, { session, requestId }: Renewal): Promise<Rotated> {
  try {
    // Before asking the pool: a refusal for a session that is over must not end the ones that began since.
    const { disabled, ended } = await people.findPerson(session);
    if (ended) return { state: 'ended', reason: disabled ? 'disabled' : 'ended' };
    const fresh = await refreshed(pool, session);
    if (!fresh) {
      await people.endAllSessions(session, 'refused renewal', requestId);
      return { state: 'ended', reason: 'expired' };
    }
    if (!(await people.continueSession(session, fresh, requestId))) {
      return { state: 'ended', reason: hasSameAccess(session, fresh) ? 'ended' : 'changed' };
    }
    return { state: 'fresh', session: { ...fresh, signedInAt: session.signedInAt } };
  } catch (error) {
    return { state: 'unreachable', error };
  }
}

/** The tokens of a refresh; null when the pool refuses it. */
async function refreshed(pool: RotationPorts['pool'], session: Session) {
  try {
    const fresh = await pool.refresh(session.refreshToken);
    // Another person's token would hand this session to them.
    return fresh.sub === session.sub ? fresh : null;
  } catch (error) {
    if (error instanceof RefreshRefused) return null;
    throw error;
  }
}
