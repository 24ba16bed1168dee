import { resumeStalled } from '@/lib/domain/sweep';
import { controlVerb } from '@/lib/domain/verb';
import { sweepInput } from '../schemas';

const limit = 100;

/**
 * Sends jobs for closings that stand still, and for those whose days of grace are over, each at most once per `untouchedSeconds`. Returns
 * how many it sent.
 */
export const sweepClosings = controlVerb('tenants.advance-closing', sweepInput, (ctx, input) => {
  const { closings, jobs } = ctx.ports;
  return resumeStalled(
    ctx,
    input,
    async (after) => {
      const page = await closings.open({ now: ctx.now(), limit, after });
      const found = page.closings.map((each) => ({ ...each, requestId: each.tenantId }));
      return { found, next: page.next };
    },
    async ({ tenantId, updatedAt }) => {
      await jobs.send({ kind: 'tenants.close', tenantId });
      ctx.log.info({ tenant: tenantId, updatedAt }, 'advancing a closing');
    },
  );
});
