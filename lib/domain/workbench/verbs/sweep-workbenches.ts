import { resumeStalled } from '@/lib/domain/sweep';
import { controlVerb } from '@/lib/domain/verb';
import { sweepWorkbenchesInput } from '../schemas';

const limit = 100;

/**
 * Sends jobs for requests that are stalled because an event or a job was lost, each at most once per `untouchedSeconds`. Returns
 * how many it sent. Throws `forbidden`, and what the index or the queue throws.
 */
export const sweepWorkbenches = controlVerb('workbench.sweep', sweepWorkbenchesInput, (ctx, input) => {
  const { openWorkbenches, jobs } = ctx.ports;
  return resumeStalled(
    ctx,
    input,
    async (after) => {
      const { requests, next } = await openWorkbenches.open({ limit, after });
      return { found: requests, next };
    },
    async ({ tenantId, requestId, updatedAt }) => {
      await jobs.send({ kind: 'workbench.advance', tenantId, requestId });
      const fields = { tenant: tenantId, workbench: requestId, updatedAt };
      ctx.log.warn(fields, 'advancing a stalled workbench');
    },
  );
});
