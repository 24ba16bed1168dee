import { auditEvent } from '@/lib/domain/audit/record';
import { touched } from '@/lib/domain/reconcile';
import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { existing } from '../existing';
import type { Closing } from '../ports';
import { deleteNowInput } from '../schemas';
import { isKept } from '../steps';

/** Ends the days of grace of a tenant that is being closed. Throws `forbidden`, `not_found`, `invalid`; `conflict` if they are over. */
export const deleteNow = controlVerb('tenants.close', deleteNowInput, async (ctx, { tenantId }) => {
  const closing = await existing(ctx, tenantId);
  if (closing.state !== 'running' || !isKept(closing)) {
    throw new AnnexError('conflict', 'The data is no longer kept. Reload the page.');
  }
  const at = ctx.now();
  const event = auditEvent(ctx, {
    action: 'tenants.close',
    subject: `tenant/${tenantId}`,
    result: 'asked',
    detail: { now: true, deleteAfter: at.toISOString() },
  });
  await ctx.ports.closings.update(touched<Closing>({ ...closing, deleteAfter: at }, at), event);
  await ctx.ports.jobs.send({ kind: 'tenants.close', tenantId }, { delaySeconds: 1 });
});
