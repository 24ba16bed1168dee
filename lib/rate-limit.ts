import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** How much one client may ask for within `seconds`, and all together. */
export interface RateLimit {
  readonly perClient: number;
  readonly inAll: number;
  readonly seconds: number;
}

/** Counts by client, in this process. The result is after how many seconds one more is taken; null if it was taken. */
export function rateLimit({
  perClient,
  inAll,
  seconds,
}: RateLimit): (client: string) => Promise<number | null> {
  const byClient = new RateLimiterMemory({ points: perClient, duration: seconds });
  const together = new RateLimiterMemory({ points: inAll, duration: seconds });
  return async (client) => {
    try {
      await byClient.consume(client);
      await together.consume('all');
      return null;
    } catch (limited) {
      if (!(limited instanceof RateLimiterRes)) throw limited;
      return Math.max(1, Math.ceil(limited.msBeforeNext / 1000));
    }
  };
}
