import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Refusal } from './refusal';

const seconds = 60;

/** Sign-ins per minute, of one client and of all. Each starts a session at the hosted UI. Counted by each portal for itself. */
export interface SignInLimits {
  readonly perClient: number;
  readonly inAll: number;
}

/** An office behind one address signs in within minutes; a script asks for hundreds. */
export const signInLimits: SignInLimits = { perClient: 60, inAll: 600 };

/** Counts sign-ins by client. The result is why one more is refused, or null. */
export function signInLimit({ perClient, inAll }: SignInLimits): (client: string) => Promise<Refusal | null> {
  const byClient = new RateLimiterMemory({ points: perClient, duration: seconds });
  const together = new RateLimiterMemory({ points: inAll, duration: seconds });
  return async (client) => {
    try {
      await byClient.consume(client);
      await together.consume('all');
      return null;
    } catch (limited) {
      if (!(limited instanceof RateLimiterRes)) throw limited;
      return {
        status: 429,
        title: 'Too many sign-ins',
        detail: 'Too many sign-ins were started from your network. Wait a minute, then try again.',
        headers: { 'retry-after': String(Math.max(1, Math.ceil(limited.msBeforeNext / 1000))) },
      };
    }
  };
}
