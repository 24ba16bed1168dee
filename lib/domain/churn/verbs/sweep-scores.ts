import { controlVerb, nothing } from '@/lib/domain/verb';

/** Longer than the job that follows an import takes to begin. */
const settledSeconds = 60;
/** A refit that was asked for may take its time, and one that fails is not asked for without end. */
const againSeconds = 15 * 60;
const limit = 100;

/**
 * Has the scores made anew of tenants whose refit was lost: nobody asked for it, or its job came to nothing. Returns how
 * many it asked for. Throws `forbidden`, and what the database or the queue throws.
 */
export const sweepScores = controlVerb('scores.sweep', nothing, async (ctx): Promise<number> => {
  const tenantIds = await ctx.ports.staleScores.claim({ settledSeconds, againSeconds, limit });
  for (const tenantId of tenantIds) {
    await ctx.ports.jobs.send({ kind: 'churn.refit', tenantId });
    ctx.log.warn({ tenant: tenantId }, 'scores are older than the orders; requesting a refit');
  }
  return tenantIds.length;
});
