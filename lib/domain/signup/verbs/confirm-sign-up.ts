import { controlVerb } from '@/lib/domain/verb';
import { AnnexError, isAnnexError } from '@/lib/errors';
import type { SignUp } from '../ports';
import { requestTenant } from '../request-tenant';
import { codeInput } from '../schemas';
import { mostTries, presentSignUp, refuseClosed } from '../standing';

/**
 * Confirms a sign-up with the code from the mail, and asks for its tenant. If the name is taken, the sign-up is confirmed and waits for
 * another. Throws `forbidden` while sign-up is closed; `not_found` for a sign-up that is over; `invalid` for a wrong code, `conflict` after
 * too many of them: also for an address that has a user, for which no code is right.
 */
export const confirmSignUp = controlVerb('sign-up.confirm', codeInput, async (ctx, { id, code, client }) => {
  refuseClosed(ctx);
  const { store, limits, pool } = ctx.ports.signUp;
  await limits.take('code', client);
  const signUp = await presentSignUp(ctx, id);
  if (signUp.confirmedAt === null) {
    // Counted before the code is checked, so that concurrent tries count too.
    if (!(await store.count(id, 'tries', mostTries))) throw usedUp();
    if (signUp.userId === null || !(await pool.confirm(signUp.userId, code))) throw wrong();
    await store.confirm(id, ctx.now());
  }
  await requestUnlessTaken(signUp);

  async function requestUnlessTaken({ userId, ...rest }: SignUp): Promise<void> {
    if (userId === null) return;
    try {
      await requestTenant(ctx, { ...rest, userId });
    } catch (error) {
      // The page asks for another name.
      if (!isAnnexError(error, 'conflict') || !('organisation' in error.fields)) throw error;
    }
  }
});

const wrong = () => {
  const text =
    'The code is not right, or no longer valid. Enter the one from the latest mail, or have another sent.';
  return new AnnexError('invalid', text, { fields: { code: text } });
};

const usedUp = () => new AnnexError('conflict', 'Too many codes were entered. Sign up again.');
