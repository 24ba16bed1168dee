import { record } from '@/lib/domain/audit/record';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { followActive } from '../follow-active';
import type { ScoringRun } from '../ports';

/**
 * Has every customer scored anew by the active model, also while its circuit is open. Pressed again while that is under way, it
 * changes nothing. Returns the run. Throws `forbidden`; `conflict` when no model is active or there are no features to score.
 */
export const scoreAllNow = tenantVerb('scores.run', nothing, async (ctx): Promise<ScoringRun> => {
  const model = await ctx.ports.models.active();
  if (!model) {
    throw new AnnexError(
      'conflict',
      'No model is active. The statistical default scores by itself with each import; activate a model to score with it.',
    );
  }
  await followActive(ctx, model);
  const run = await ctx.ports.scoringRuns.open({
    version: model.version,
    askedBy: ctx.actor.name,
    force: true,
    at: ctx.now(),
  });
  if (!run) {
    throw new AnnexError(
      'conflict',
      'There is nobody to score yet. Import orders first; features follow within a minute or so.',
    );
  }
  await record(ctx, {
    action: 'scores.run',
    subject: `scores/run-${run.run}`,
    detail: { version: model.version, customers: run.rowsTotal },
    key: run.run,
  });
  await ctx.ports.jobs.send({ kind: 'scores.refresh' });
  return run;
});
