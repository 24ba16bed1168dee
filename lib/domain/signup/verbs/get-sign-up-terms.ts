import { controlVerb, nothing } from '@/lib/domain/verb';

/** Who may sign up here, and whom to ask otherwise. */
export const getSignUpTerms = controlVerb('sign-up.start', nothing, async (ctx) =>
  ctx.ports.signUp.terms.current(),
);
