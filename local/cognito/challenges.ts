import { randomBytes } from 'node:crypto';
import type { PoolUser } from './users';

const validMs = 15 * 60_000;
const remembered = 10_000;

/**
 * `NEW_PASSWORD_REQUIRED` challenges: who entered a temporary password may choose a new one, in the same sign-in and for a
 * quarter of an hour. In memory; after a restart the temporary password has to be entered again.
 */
export interface Challenges {
  /** The session of a challenge for `user`, a secret that the next form has to bring back. */
  open(signIn: string, user: PoolUser): string;
  /** The user as the temporary password was checked; null for a session that is over or of another sign-in. */
  find(signIn: string, session: string): PoolUser | null;
  close(session: string): void;
}

/** `now` in ms since the epoch. */
export function createChallenges(now: () => number): Challenges {
  const open = new Map<
    string,
    { readonly signIn: string; readonly user: PoolUser; readonly until: number }
  >();
  return {
    open(signIn, user) {
      const session = randomBytes(32).toString('base64url');
      open.set(session, { signIn, user, until: now() + validMs });
      const oldest = open.keys().next();
      if (open.size > remembered && !oldest.done) open.delete(oldest.value);
      return session;
    },
    find(signIn, session) {
      const challenge = open.get(session);
      return challenge && challenge.signIn === signIn && challenge.until > now() ? challenge.user : null;
    },
    close: (session) => void open.delete(session),
  };
}
