import type { AuditEvent } from '../audit/ports';
import type { BgNbdParameters } from './bg-nbd';

/** A group of customers with the same purchase history. Whole days. */
export interface HistoryGroup {
  /** Repeat order days (x): order days after the first. */
  readonly repeats: number;
  /** From the first order day to the last (t_x). */
  readonly recencyDays: number;
  /** From the first order day to `as_of` (T). */
  readonly ageDays: number;
  readonly customers: number;
}

/** The fit of the built-in model to a tenant's orders. Rates are per day. */
export interface ChurnFit {
  readonly parameters: BgNbdParameters;
  readonly logLikelihood: number;
  /** Standard error of a score from how little history there is: root mean square over the customers, a probability. */
  readonly uncertainty: number;
  readonly customers: number;
  readonly fittedAt: Date;
}

/** A tenant's orders as a refit reads them. */
export interface OrderHistory {
  /** Rises with each change of the orders. */
  readonly revision: number;
  readonly asOf: Date;
  /** The distinct purchase histories, streamed in batches in bounded memory; can be read only once. */
  readonly batches: AsyncIterable<readonly HistoryGroup[]>;
}

/** What to store: every customer's score from a fit under `version`, or why there is none. */
export type FitDecision =
  | {
      readonly outcome: 'fitted';
      readonly fit: ChurnFit;
      readonly version: string;
      readonly horizonDays: number;
    }
  | { readonly outcome: 'unfitted'; readonly reason: string; readonly at: Date };

export type Rescored =
  /** The tenant has no orders; nothing was stored. */
  | { readonly outcome: 'empty' }
  /** The newest revision was scored, or found unfit, before; nothing was stored. */
  | { readonly outcome: 'current'; readonly revision: number }
  | { readonly outcome: 'scored' | 'unfitted'; readonly revision: number; readonly customers: number };

/** The tenant's features and scores. */
export interface ScoreStore {
  /**
   * Recomputes the features of every customer at the tenant's `as_of`, lets `decide` fit their histories, and stores features,
   * scores, fit and counts. Readers see all of it or none. Rescorings of a tenant run one at a time; one that waited finds the
   * revision current. If orders change meanwhile, the scores are stale but consistent: they are stored under the revision that
   * was read. What `audit` makes of that revision is recorded in the same transaction.
   */
  rescore(
    decide: (history: OrderHistory) => Promise<FitDecision>,
    audit?: (revision: number) => AuditEvent,
  ): Promise<Rescored>;
}

/** Tenants whose orders changed after their last fit. */
export interface StaleScores {
  /**
   * Ids of up to `limit` tenants whose orders changed more than `settledSeconds` ago, oldest first. A tenant is returned
   * again only if it is still out of date after `againSeconds`.
   */
  claim(which: {
    readonly settledSeconds: number;
    readonly againSeconds: number;
    readonly limit: number;
  }): Promise<readonly string[]>;
}
