import { AnnexError } from '@/lib/errors';
import type { ControlContext } from '../context';
import { hourMs } from '../time';
import type { SignUp } from './ports';

/** How long a code, and a sign-up without a tenant, lasts, ms. Source: the user pool’s codes, 24 hours. */
export const signUpMs = 24 * hourMs;

/** Of an address within `signUpMs`. */
export const mostSignUps = 5;
/** Codes that may be entered, right or wrong. Fewer than Amazon Cognito takes, which would tell which addresses have a user. */
export const mostTries = 5;
/** Codes that are mailed again. */
export const mostResends = 3;

/** Throws `forbidden` while nobody may sign up. */
export function refuseClosed({ ports }: ControlContext): void {
  if (ports.signUp.terms.current().mode === 'closed') {
    throw new AnnexError('forbidden', 'Nobody can sign up here at the moment. Nothing was changed.');
  }
}

/** The sign-up with that id. Throws `not_found` for none, and for one that has expired. */
export async function presentSignUp(ctx: ControlContext, id: string): Promise<SignUp> {
  const signUp = await ctx.ports.signUp.store.get(id);
  if (signUp && (signUp.tenantId !== null || signUp.expiresAt > ctx.now())) return signUp;
  throw new AnnexError('not_found', 'This sign-up is over. Sign up again.');
}
