import { controlVerb, nothing } from '@/lib/domain/verb';

const pageSize = 500;

/**
 * Sends a job for each endpoint that is due for a health check. Returns how many. Throws `forbidden`, and what the watch or the
 * queue throws.
 */
export const sweepScoring = controlVerb('scores.sweep', nothing, async (ctx): Promise<number> => {
  const due = await ctx.ports.dueHealthChecks.due(ctx.now(), pageSize);
  for (const tenantId of due) await ctx.ports.jobs.send({ kind: 'scores.look', tenantId });
  return due.length;
});
