import type { BgNbdParameters } from './bg-nbd';

/** One group of customers with the same purchase history. Days. */
export interface HistoryGroup {
  /** Repeat order days (x): order days after the first. */
  readonly repeats: number;
  /** From the first order day to the last (t_x). */
  readonly recencyDays: number;
  /** From the first order day to `as_of` (T). */
  readonly ageDays: number;
  readonly customers: number;
}

/** The default's fit on a tenant's orders. Rates are per day. */
export interface ChurnFit {
  readonly parameters: BgNbdParameters;
  readonly logLikelihood: number;
  readonly customers: number;
  readonly fittedAt: Date;
}

/** The tenant's features and scores. */
export interface ScoreStore {
  /**
   * Recomputes the eight features of every customer from the orders at the tenant's `as_of`.
   * Returns the revision of the orders that it read; `null` when the tenant has no orders.
   */
  refreshFeatures(): Promise<{ readonly revision: number; readonly asOf: Date } | null>;
  /** Streams the distinct purchase histories; bounded memory. */
  histories(): AsyncIterable<HistoryGroup>;
  /** Stores the fit and every customer's score by it, in one step; readers see all of it or none. */
  storeDefaultScores(fit: ChurnFit, revision: number): Promise<{ readonly scored: number }>;
  /** Records that no fit was possible and why, so that the pages can say so. */
  recordUnfitted(reason: string, revision: number): Promise<void>;
}
