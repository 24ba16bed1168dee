import { auditEvent } from '@/lib/domain/audit/record';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { followActive } from '../follow-active';
import type { ScoringRun } from '../ports';

/**
 * Requests a scoring run of every customer by the active model, even while its circuit is open. Changes nothing while such a run
 * is under way. Returns the run. Throws `forbidden`; `conflict` when no model is active or there are no features to score.
 */
export const scoreAllNow = tenantVerb('scores.run', nothing, async (ctx): Promise<ScoringRun> => {
  const model = await ctx.ports.models.active();
  if (!model) {
    throw new AnnexError(
      'conflict',
      'No model of yours is active. The built-in model scores automatically after each import. Activate your model to score with it.',
    );
  }
  await followActive(ctx, model);
  const run = await ctx.ports.scoringRuns.open({
    version: model.version,
    askedBy: ctx.actor.name,
    force: true,
    at: ctx.now(),
    audit: ({ run, rowsTotal }) =>
      auditEvent(ctx, {
        action: 'scores.run',
        subject: `scores/run-${run}`,
        result: 'asked',
        detail: { version: model.version, customers: rowsTotal },
        key: run,
      }),
  });
  if (!run) {
    throw new AnnexError(
      'conflict',
      'There are no customers to score yet. Import orders first. Features are computed within about a minute.',
    );
  }
  await ctx.ports.jobs.send({ kind: 'scores.refresh' });
  return run;
});
