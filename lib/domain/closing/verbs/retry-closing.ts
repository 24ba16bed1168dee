import { auditEvent } from '@/lib/domain/audit/record';
import { retriedStep } from '@/lib/domain/stepwise';
import { controlVerb } from '@/lib/domain/verb';
import { existing } from '../existing';
import { retryInput } from '../schemas';

/** Tries the failed step again. Changes nothing if it is not failed, or another attempt is. Throws `forbidden`, `not_found`. */
export const retryClosing = controlVerb('tenants.close', retryInput, async (ctx, { tenantId, attempt }) => {
  const present = await existing(ctx, tenantId);
  if (present.state === 'failed' && present.attempt === attempt) {
    const event = auditEvent(ctx, {
      action: 'tenants.close',
      subject: `tenant/${tenantId}`,
      result: 'asked',
      detail: { retry: attempt + 1 },
      key: `${tenantId}/retry/${present.askedAt.getTime()}/${attempt + 1}`,
    });
    await ctx.ports.closings.update(retriedStep(present, ctx.now()), event);
  }
  // Not at once: a check that comes before it is due finds nothing new, and no other would follow.
  await ctx.ports.jobs.send({ kind: 'tenants.close', tenantId }, { delaySeconds: 1 });
});
