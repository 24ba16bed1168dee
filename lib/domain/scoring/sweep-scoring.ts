import { z } from 'zod';
import { sentBySweeps, takeUp } from '../sweep';
import { controlVerb } from '../verb';

const limit = 500;
const input = z.object({
  /** Until a look that nobody has taken is asked for again. */
  againSeconds: z.number().min(0).max(86_400),
  sent: sentBySweeps,
});

/**
 * Has each endpoint looked at that is due, each at most once in `againSeconds` while nobody takes that look. Returns how many
 * it asked for. Throws `forbidden`, and what the watch or the queue throws.
 */
export const sweepScoring = controlVerb('scores.sweep', input, (ctx, { againSeconds, sent }) => {
  const { scoringWatch, jobs } = ctx.ports;
  const now = ctx.now();
  return takeUp(
    ctx,
    { untouchedSeconds: 0, againSeconds, sent },
    async (after) => {
      const { due, next } = await scoringWatch.due(now, { limit, after });
      // Whoever takes a look moves its time: what is due then is another one.
      const found = due.map(({ tenantId, dueAt }) => ({
        tenantId,
        requestId: `${tenantId} ${dueAt.toISOString()}`,
        updatedAt: dueAt,
      }));
      return { found, next };
    },
    ({ tenantId }) => jobs.send({ kind: 'scores.look', tenantId }),
  );
});
