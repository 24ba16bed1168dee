const minute = 60;
const hour = 3600;
const day = 86_400;

/** A resolution that data are kept in. All lengths in s. */
export interface Resolution {
  /** Length of a bucket. */
  readonly period: number;
  /** Length of time that one document holds. */
  readonly chunk: number;
  /** How long data are kept. */
  readonly keep: number;
}

/** Kept only of metrics with a storage resolution of one second. */
const high: Resolution = { period: 1, chunk: minute, keep: 3 * hour };

/**
 * As CloudWatch keeps data: by the second for 3 hours, by the minute for 15 days, by five minutes for 63 days, by the
 * hour for 455 days. Every sample goes to all of them at once, so that late data need no second rollup.
 */
const regular: readonly Resolution[] = [
  { period: minute, chunk: hour, keep: 15 * day },
  { period: 5 * minute, chunk: 4 * hour, keep: 63 * day },
  { period: hour, chunk: 2 * day, keep: 455 * day },
];

export const allResolutions: readonly Resolution[] = [high, ...regular];

/** Where a sample of `at` (s) is kept, seen from `now` (s). */
export const resolutionsOf = (highResolution: boolean, at: number, now: number): readonly Resolution[] =>
  (highResolution ? allResolutions : regular).filter(({ keep }) => at > now - keep);

/**
 * The coarsest resolution that buckets of `period` which begin at multiples of it from `start` are made of, or the
 * coarsest that still has the oldest of them.
 */
export function resolutionFor(period: number, start: number, now: number): Resolution {
  const fit = allResolutions.filter(
    (resolution) => period % resolution.period === 0 && start % resolution.period === 0,
  );
  const kept = fit.filter(({ keep }) => start >= now - keep);
  return kept.at(-1) ?? fit.at(-1) ?? high;
}

/** The start of the stretch of `length` that `at` is in. */
export const floorTo = (at: number, length: number): number => Math.floor(at / length) * length;
