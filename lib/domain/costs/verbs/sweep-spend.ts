import { controlVerb } from '@/lib/domain/verb';
import { everySeconds } from '../schemas';

/** A sweep every 15 s gets round ten thousand tenants in less than an hour, and fills no worker. */
const limit = 50;

/** Sends a job for each tenant that is due to be measured. Returns how many. Throws `forbidden`, and what the database or the queue throws. */
export const sweepSpend = controlVerb('costs.sweep', everySeconds, async (ctx, { everySeconds: every }) => {
  const now = ctx.now();
  const due = await ctx.ports.spendBook.claim(now, new Date(now.getTime() + every * 1000), limit);
  for (const tenantId of due) await ctx.ports.jobs.send({ kind: 'costs.measure', tenantId });
  return due.length;
});
