import { createHash, randomBytes } from 'node:crypto';
import { createKeyedMutex, type KeyedMutex } from '@/local/aws/core/keyed-mutex';
import type { StandIn } from '@/local/aws/core/service';
import type { IdleAppType } from './idle-settings';

/** Who may open which domain. */
export interface StudioGrant {
  readonly accountId: string;
  readonly domainId: string;
  readonly profile: string;
}

/** Where a sign-in leads: the app of that type in a space; without one, the profile's own. */
export interface Landing {
  readonly type: IdleAppType;
  readonly space?: string;
}

interface TokenDocument extends StudioGrant {
  /** Absent: Studio's home. */
  readonly landing?: Landing;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  readonly sessionSeconds: number;
  readonly usedAt: string | null;
}

/** Somebody who is signed in to Studio. */
export interface StudioSession extends StudioGrant {
  readonly startedAt: string;
  readonly expiresAt: string;
}

/** What a token is worth. `unknown` also for a token of another domain. */
export type Redeemed =
  | {
      readonly state: 'signed-in';
      readonly cookie: string;
      readonly session: StudioSession;
      readonly landing: Landing | null;
    }
  | { readonly state: 'used' | 'expired' | 'unknown' };

const tokens = 'studio.tokens';
const sessions = 'studio.sessions';
/** Spent and expired tokens are kept this long, so that the page can say what became of them. */
const memoryMs = 24 * 60 * 60 * 1000;

const mutexes = new WeakMap<StandIn, KeyedMutex>();
const mutexOf = (standIn: StandIn): KeyedMutex => {
  const withLock = mutexes.get(standIn) ?? createKeyedMutex();
  mutexes.set(standIn, withLock);
  return withLock;
};

// Only digests are stored, so that nobody who reads the state can sign in with it.
const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const newSecret = (): string => randomBytes(32).toString('base64url');

/** Makes a token of 256 random bits that signs in once, within `expiresInSeconds`, and leads to `landing`; null: Studio's home. */
export async function issueToken(
  standIn: StandIn,
  grant: StudioGrant,
  expiresInSeconds: number,
  sessionSeconds: number,
  landing: Landing | null,
): Promise<string> {
  const now = Date.now();
  await forget(standIn, now);
  const token = newSecret();
  const { accountId, domainId, profile } = grant;
  await standIn.state.put<TokenDocument>(tokens, digestOf(token), {
    accountId,
    domainId,
    profile,
    expiresAt: new Date(now + expiresInSeconds * 1000).toISOString(),
    sessionSeconds,
    usedAt: null,
    ...(landing && { landing }),
  });
  return token;
}

/** Spends the token and starts a session. Of calls with the same token at the same time, one signs in. */
export function redeemToken(standIn: StandIn, domainId: string, token: string): Promise<Redeemed> {
  const key = digestOf(token);
  return mutexOf(standIn)(key, async () => {
    const found = await standIn.state.get<TokenDocument>(tokens, key);
    if (found?.domainId !== domainId) return { state: 'unknown' };
    if (found.usedAt !== null) return { state: 'used' };
    const now = Date.now();
    if (Date.parse(found.expiresAt) <= now) return { state: 'expired' };
    const startedAt = new Date(now).toISOString();
    await standIn.state.put<TokenDocument>(tokens, key, { ...found, usedAt: startedAt });
    const session: StudioSession = {
      accountId: found.accountId,
      domainId,
      profile: found.profile,
      startedAt,
      expiresAt: new Date(now + found.sessionSeconds * 1000).toISOString(),
    };
    const cookie = newSecret();
    await standIn.state.put(sessions, digestOf(cookie), session);
    return { state: 'signed-in', cookie, session, landing: found.landing ?? null };
  });
}

/** The session of that cookie in that domain; `null` when there is none or it is over. */
export async function findSession(
  standIn: StandIn,
  domainId: string,
  cookie: string,
): Promise<StudioSession | null> {
  const session = await standIn.state.get<StudioSession>(sessions, digestOf(cookie));
  if (session?.domainId !== domainId) return null;
  return Date.parse(session.expiresAt) > Date.now() ? session : null;
}

/** Ends the session of that cookie. */
export const endSession = (standIn: StandIn, cookie: string): Promise<void> =>
  standIn.state.delete(sessions, digestOf(cookie));

async function forget(standIn: StandIn, now: number): Promise<void> {
  for (const collection of [tokens, sessions]) {
    for (const [key, { expiresAt }] of await standIn.state.list<{ readonly expiresAt: string }>(collection)) {
      if (Date.parse(expiresAt) + memoryMs < now) await standIn.state.delete(collection, key);
    }
  }
}
