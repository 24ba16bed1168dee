import { record } from '@/lib/domain/audit/record';
import { controlVerb, nothing } from '@/lib/domain/verb';

const limit = 100;

/** Removes sign-ups that have expired, with their users. Returns how many. */
export const sweepSignUps = controlVerb('sign-up.expire', nothing, async (ctx) => {
  const { store, pool } = ctx.ports.signUp;
  const expired = await store.expired(ctx.now(), limit);
  for (const { id, userId } of expired) {
    if (userId !== null) await pool.remove(userId, null);
    await store.remove(id);
  }
  const count = expired.length;
  if (count > 0) await record(ctx, { action: 'sign-up.expire', subject: 'sign-up', detail: { count } });
  return count;
});
