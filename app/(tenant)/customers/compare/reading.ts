import type { Reading } from '@/components/live/reading';
import type { ComparisonView } from '@/lib/domain/scoring/verbs/get-comparison';

/** Whether a comparison is still to come, at `now`. */
export function comparisonReading({ active, comparison, outdated }: ComparisonView, now: Date): Reading {
  const underWay = active !== null && (comparison === null || outdated);
  return {
    at: now.toISOString(),
    underWay,
    mark: JSON.stringify([active, comparison?.run, comparison?.version, comparison?.computedAt, outdated]),
    words: underWay
      ? 'Comparison in progress'
      : comparison
        ? `Comparison with version ${comparison.version} complete`
        : 'No model to compare',
  };
}
