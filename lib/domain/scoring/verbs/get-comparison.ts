import { nothing, tenantVerb } from '@/lib/domain/verb';
import type { Comparison } from '../ports';

export interface ComparisonView {
  /** The active version; null: the built-in model. */
  readonly active: number | null;
  readonly comparison: Comparison | null;
  /** The comparison is not of the shown run, whose own will follow; or its model is no longer active. */
  readonly outdated: boolean;
}

/** The newest comparison of the default and the model; null before the first. Throws `forbidden`. */
export const getComparison = tenantVerb('scores.view', nothing, async (ctx): Promise<ComparisonView> => {
  const { scoring, scoreComparisons, models } = ctx.ports;
  const [{ state }, comparison, model] = await Promise.all([
    scoring.read(),
    scoreComparisons.newest(),
    models.active(),
  ]);
  return {
    active: model?.version ?? null,
    comparison,
    outdated:
      comparison !== null && (comparison.run !== state.shownRun || comparison.version !== model?.version),
  };
});
