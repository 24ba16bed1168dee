import { resumeStalled } from '@/lib/domain/sweep';
import { controlVerb } from '@/lib/domain/verb';
import { sweepInput } from '../schemas';

const limit = 100;

/** Sends jobs for onboardings that stand still, each at most once per `untouchedSeconds`. Returns how many it sent. */
export const sweepOnboardings = controlVerb('tenants.advance-onboarding', sweepInput, (ctx, input) => {
  const { onboardings, jobs } = ctx.ports;
  return resumeStalled(
    ctx,
    input,
    async (after) => {
      const page = await onboardings.open({ limit, after });
      const found = page.onboardings.map((each) => ({ ...each, requestId: each.tenantId }));
      return { found, next: page.next };
    },
    async ({ tenantId, updatedAt }) => {
      await jobs.send({ kind: 'tenants.onboard', tenantId });
      ctx.log.warn({ tenant: tenantId, updatedAt }, 'advancing a stalled onboarding');
    },
  );
});
