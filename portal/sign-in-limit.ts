import { type RateLimit, rateLimit } from '@/lib/rate-limit';
import type { Refusal } from './refusal';

/** Sign-ins per minute, of one client and of all. Each starts a session at the hosted UI. Counted by each portal for itself. */
export type SignInLimits = Omit<RateLimit, 'seconds'>;

/** An office behind one address signs in within minutes; a script asks for hundreds. */
export const signInLimits: SignInLimits = { perClient: 60, inAll: 600 };

/** Counts sign-ins by client. The result is why one more is refused, or null. */
export function signInLimit(limits: SignInLimits): (client: string) => Promise<Refusal | null> {
  const take = rateLimit({ ...limits, seconds: 60 });
  return async (client) => {
    const wait = await take(client);
    if (wait === null) return null;
    return {
      status: 429,
      title: 'Too many sign-ins',
      detail: 'Too many sign-ins were started from your network. Wait a minute, then try again.',
      headers: { 'retry-after': String(wait) },
    };
  };
}
