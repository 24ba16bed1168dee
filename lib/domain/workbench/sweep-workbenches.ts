import { controlVerb } from '../verb';
import { sweepWorkbenchesInput } from './schemas';

const pageSize = 100;

/**
 * Takes up requests that stand still because an event or a job was lost. One that it sent on
 * is left alone for as long as it takes to count as standing still. Returns how many it sent on. Throws `forbidden`, and what the index or the queue throws.
 */
export const sweepWorkbenches = controlVerb('workbench.sweep', sweepWorkbenchesInput, async (ctx, input) => {
  const { sent } = input;
  const now = ctx.now().getTime();
  const stale = now - input.untouchedSeconds * 1000;
  for (const [requestId, at] of sent) if (at <= stale) sent.delete(requestId);
  let resumed = 0;
  let after: string | undefined;
  do {
    const page = await ctx.ports.openWorkbenches.open({ limit: pageSize, after });
    for (const { tenantId, requestId, updatedAt } of page.requests) {
      // The longest untouched come first.
      if (updatedAt.getTime() > stale) return resumed;
      if (sent.has(requestId)) continue;
      await ctx.ports.jobs.send({ kind: 'workbench.advance', tenantId, requestId });
      ctx.log.warn(
        { tenant: tenantId, workbench: requestId, updatedAt },
        'a workbench stood still and is taken up',
      );
      sent.set(requestId, now);
      resumed += 1;
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return resumed;
});
