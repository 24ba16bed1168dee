import { resumeStalled, sentBySweeps } from '@/lib/domain/sweep';
import { controlVerb } from '@/lib/domain/verb';
import { sweepExtractsInput } from '../schemas';

const limit = 100;
const input = sweepExtractsInput.extend({ sent: sentBySweeps });

/**
 * Sends jobs for extracts that are stalled because a job was lost, each at most once per `untouchedSeconds`. Returns how many it
 * sent. Throws `forbidden`, and what the index or the queue throws.
 */
export const sweepExtracts = controlVerb('extracts.sweep', input, async (ctx, given) => {
  const { openExtracts, jobs } = ctx.ports;
  const ofState = (state: 'queued' | 'running') =>
    resumeStalled(
      ctx,
      given,
      async (after) => {
        const { extracts, next } = await openExtracts.open({ state, limit, after });
        return { found: extracts, next };
      },
      async ({ tenantId, requestId, updatedAt }) => {
        await jobs.send({ kind: 'extract.advance', tenantId, requestId });
        const fields = { tenant: tenantId, extract: requestId, updatedAt };
        ctx.log.warn(fields, 'advancing a stalled extract');
      },
    );
  return (await ofState('running')) + (await ofState('queued'));
});
