import { controlVerb, nothing } from '@/lib/domain/verb';

/** Longer than the job after an import takes to start. */
const settledSeconds = 60;
/** Gives a refit time to run, and keeps one that fails from being requested endlessly. */
const againSeconds = 15 * 60;
const limit = 100;

/**
 * Requests refits for tenants whose refit was lost: its job was never sent or failed. Returns how many it requested. Throws
 * `forbidden`, and what the database or the queue throws.
 */
export const sweepScores = controlVerb('scores.sweep', nothing, async (ctx): Promise<number> => {
  const tenantIds = await ctx.ports.staleScores.claim({ settledSeconds, againSeconds, limit });
  for (const tenantId of tenantIds) {
    await ctx.ports.jobs.send({ kind: 'churn.refit', tenantId });
    ctx.log.warn({ tenant: tenantId }, 'scores are older than the orders; requesting a refit');
  }
  return tenantIds.length;
});
