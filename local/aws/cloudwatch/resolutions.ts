const minute = 60;
const hour = 3600;
const day = 86_400;

/** A resolution in which data are stored. All lengths in s. */
export interface Resolution {
  /** Length of a bucket. */
  readonly period: number;
  /** Length of time that one document covers. */
  readonly chunk: number;
  /** How long data are kept. */
  readonly keep: number;
}

/** Only for metrics with a storage resolution of one second. */
const high: Resolution = { period: 1, chunk: minute, keep: 3 * hour };

/**
 * CloudWatch's retention: per second for 3 hours, per minute for 15 days, per five minutes for 63 days, per hour for
 * 455 days. Every sample is stored in all of these at once, so late data need no second rollup.
 */
const regular: readonly Resolution[] = [
  { period: minute, chunk: hour, keep: 15 * day },
  { period: 5 * minute, chunk: 4 * hour, keep: 63 * day },
  { period: hour, chunk: 2 * day, keep: 455 * day },
];

export const allResolutions: readonly Resolution[] = [high, ...regular];

/** The resolutions that, at the time `now` (s), store a sample of the time `at` (s). */
export const resolutionsOf = (highResolution: boolean, at: number, now: number): readonly Resolution[] =>
  (highResolution ? allResolutions : regular).filter(({ keep }) => at > now - keep);

/**
 * The coarsest resolution from which buckets of `period` can be built that begin at multiples of it from `start`;
 * otherwise the coarsest that still has the oldest bucket.
 */
export function resolutionFor(period: number, start: number, now: number): Resolution {
  const fit = allResolutions.filter(
    (resolution) => period % resolution.period === 0 && start % resolution.period === 0,
  );
  const kept = fit.filter(({ keep }) => start >= now - keep);
  return kept.at(-1) ?? fit.at(-1) ?? high;
}

/** The start of the interval of `length` that contains `at`. */
export const floorTo = (at: number, length: number): number => Math.floor(at / length) * length;
