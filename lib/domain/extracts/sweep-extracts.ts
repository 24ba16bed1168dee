import { controlVerb } from '../verb';
import { sweepExtractsInput } from './schemas';

const pageSize = 100;

/**
 * Takes up extracts that stand still because a job was lost. Returns how many it sent on. Throws `forbidden`, and what the
 * index or the queue throws.
 */
export const sweepExtracts = controlVerb('extracts.sweep', sweepExtractsInput, async (ctx, input) => {
  const stale = ctx.now().getTime() - input.untouchedSeconds * 1000;
  let resumed = 0;
  let after: string | undefined;
  do {
    const page = await ctx.ports.openExtracts.open({ limit: pageSize, after });
    for (const { tenantId, requestId, updatedAt } of page.extracts) {
      // The longest untouched come first.
      if (updatedAt.getTime() > stale) return resumed;
      await ctx.ports.jobs.send({ kind: 'extract.advance', tenantId, requestId });
      ctx.log.warn(
        { tenant: tenantId, extract: requestId, updatedAt },
        'an extract stood still and is taken up',
      );
      resumed += 1;
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return resumed;
});
