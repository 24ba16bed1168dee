import type { Mail } from '../mail/ports';
import type { SignUp, SignUpTerms } from './ports';

/**
 * To an address that has a user already. Whoever signs up chooses the names, so the mail has neither: otherwise Annex would send
 * anybody’s words to anybody.
 */
export const knownAddressMail = (
  { email }: Pick<SignUp, 'email'>,
  { portal }: Pick<SignUpTerms, 'portal'>,
): Mail => ({
  to: email,
  subject: 'Somebody tried to sign up for Annex with your address',
  text: `Somebody tried to sign up for Annex with this address. It has a user already, so nothing was changed.

If it was you, sign in: ${portal}/

If it wasn’t, ignore this mail.
`,
});

export const approvedMail = (
  { email, organisation }: Pick<SignUp, 'email' | 'organisation'>,
  { portal }: Pick<SignUpTerms, 'portal'>,
): Mail => ({
  to: email,
  subject: 'Your organisation is admitted to Annex',
  text: `Your organisation ${organisation} is admitted to Annex, and you are its owner.

Sign in: ${portal}/

Then import your orders, or invite your colleagues.
`,
});

export const declinedMail = (
  { email, organisation }: Pick<SignUp, 'email' | 'organisation'>,
  reason: string,
  { portal }: Pick<SignUpTerms, 'portal'>,
): Mail => ({
  to: email,
  subject: 'Your organisation was not admitted to Annex',
  text: `Your organisation ${organisation} was not admitted to Annex. The reason:

${reason}

Your user was removed. You can sign up again: ${portal}/sign-up
`,
});
