import { record } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { resendInput } from '../schemas';
import { mostResends, presentSignUp, refuseClosed } from '../standing';

/**
 * Has Amazon Cognito mail another code; an address that has a user gets none, which nobody is told. Throws `forbidden` while sign-up is
 * closed; `not_found` for a sign-up that is over; `conflict` after too many.
 */
export const resendCode = controlVerb('sign-up.start', resendInput, async (ctx, { id, client }) => {
  refuseClosed(ctx);
  const { store, limits, pool } = ctx.ports.signUp;
  await limits.take('code', client);
  const { confirmedAt, userId } = await presentSignUp(ctx, id);
  if (confirmedAt !== null) return;
  if (!(await store.count(id, 'resends', mostResends))) {
    throw new AnnexError('conflict', 'No more codes are sent for this sign-up. Sign up again.');
  }
  await record(ctx, { action: 'sign-up.start', subject: 'sign-up', detail: { again: true } });
  if (userId !== null) await pool.resend(userId);
});
