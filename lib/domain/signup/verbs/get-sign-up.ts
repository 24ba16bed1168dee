import { controlVerb } from '@/lib/domain/verb';
import type { SignUp } from '../ports';
import { signUpId } from '../schemas';
import { presentSignUp } from '../standing';

/** What a person who signs up has to do, or waits for. */
export type SignUpStanding = 'code' | 'name' | 'requested' | 'declined' | 'admitted';

/** A sign-up as its own browser sees it. Throws `not_found` for none, and for one that has expired. */
export const getSignUp = controlVerb('sign-up.start', signUpId, async (ctx, { id }) => {
  const signUp = await presentSignUp(ctx, id);
  const { email, organisation } = signUp;
  return { id, email, organisation, standing: await standingOf(signUp) };

  async function standingOf({ confirmedAt, tenantId }: SignUp): Promise<SignUpStanding> {
    if (confirmedAt === null) return 'code';
    if (tenantId === null) return 'name';
    const state = (await ctx.ports.tenants.get(tenantId))?.state;
    return state === 'requested' || state === 'declined' ? state : 'admitted';
  }
});
