import type { SignUpLimits } from './domain/signup/ports';
import { AnnexError } from './errors';
import { oneInProcess } from './one-in-process';
import { rateLimit } from './rate-limit';

const minutes = 10;

/** Each sign-up mails a code. Nobody needs many, but an office or a conference shares an address. */
const limits = {
  'sign-up': { perClient: 20, inAll: 300, seconds: minutes * 60 },
  code: { perClient: 300, inAll: 3000, seconds: minutes * 60 },
} as const;

/** Counts by client. Each portal counts for itself. */
export const signUpLimits = (): SignUpLimits =>
  oneInProcess('sign-up-limits', () => {
    const takes = { 'sign-up': rateLimit(limits['sign-up']), code: rateLimit(limits.code) };
    return {
      take: async (what, client) => {
        if ((await takes[what](client)) === null) return;
        throw new AnnexError(
          'throttled',
          `Too many sign-ups come from your network. Nothing was changed. Try again in ${minutes} minutes.`,
        );
      },
    };
  });
