import { nothing, tenantVerb } from '@/lib/domain/verb';
import type { Comparison } from '../ports';

export interface ComparisonView {
  /** The registration that is active; null: the default. */
  readonly active: number | null;
  readonly comparison: Comparison | null;
  /** Another run is shown by now, and its comparison is on its way; or the model is not active any more. */
  readonly outdated: boolean;
}

/** The default and the model side by side, as last computed; null before the first. Throws `forbidden`. */
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
