import type { AuditEvent } from '../audit/ports';
import type { HistoryGroup } from '../churn/ports';

/**
 * Which scores readers see. `default`: default scores. `model`: those of a complete run of the tenant's model. `fallback`:
 * default scores, because the active model fails.
 */
export const scoringModes = ['default', 'model', 'fallback'] as const;
export type ScoringMode = (typeof scoringModes)[number];

/** How a tenant's own model stands, without anything that it says. */
export interface ModelStanding {
  /** The active version; null: the tenant went back to the built-in model. */
  readonly version: number | null;
  readonly activatedAt: Date;
  readonly mode: ScoringMode;
  /** Since when readers see these scores; null while there are none. */
  readonly since: Date | null;
}

/** The models of tenants, for the control plane. */
export interface ModelStandings {
  /** Null for a tenant that never activated one. */
  of(tenantId: string): Promise<ModelStanding | null>;
}

/** Why the circuit is open: the endpoint does not respond properly, or its scores are not credible. */
export const failureCauses = ['unreachable', 'answers'] as const;
export type FailureCause = (typeof failureCauses)[number];

/** The circuit breaker of the tenant's endpoint. */
export interface Breaker {
  /** Failures in a row. */
  readonly failures: number;
  readonly cause: FailureCause | null;
  /** Null: closed. */
  readonly openedAt: Date | null;
  /** How often it opened since a run last completed; determines the pauses between health checks while open. */
  readonly trials: number;
  /** Runs that failed since one last completed. If any did, only a completed run closes the circuit. */
  readonly failedRuns: number;
}

export interface ScoringState {
  readonly mode: ScoringMode;
  readonly since: Date;
  /** The reason for a fallback, for people. */
  readonly reason: string | null;
  /** The version that the scores follow; null: the built-in model. */
  readonly version: number | null;
  /** The newest complete run, kept during a fallback. */
  readonly shownRun: number | null;
  readonly breaker: Breaker;
  /** When the endpoint is due for a health check; null: never. */
  readonly nextHealthCheckAt: Date | null;
}

export const scoringRunStates = ['waiting', 'running', 'done', 'failed', 'superseded'] as const;

/** One scoring of all customers by one version of the model. */
export interface ScoringRun {
  readonly run: number;
  readonly version: number;
  /** Revision of the orders whose features are scored. */
  readonly revision: number;
  readonly state: (typeof scoringRunStates)[number];
  /** The name of the person who requested it; null: Annex itself. */
  readonly askedBy: string | null;
  readonly askedAt: Date;
  readonly startedAt: Date | null;
  /** Time of the last sign of life. */
  readonly touchedAt: Date;
  readonly finishedAt: Date | null;
  readonly rowsDone: number;
  readonly rowsTotal: number;
  /** Id of the last customer whose score is stored. */
  readonly lastCustomer: string | null;
  /** Why the run failed, for people. */
  readonly failure: string | null;
}

export interface Scoring {
  readonly state: ScoringState;
  /** The run with number `state.shownRun`. */
  readonly shown: ScoringRun | null;
  /** The newest run, in whatever state. */
  readonly latest: ScoringRun | null;
}

/** The features of one customer: their values in the interface's order, separated by commas, as in a request. */
export interface FeatureRow {
  readonly customerId: string;
  readonly features: string;
}

export interface ScoredBatch {
  /** The id of the customer before the first row; null: none. */
  readonly after: string | null;
  readonly rows: readonly FeatureRow[];
  /** One per row, in the same order. */
  readonly probabilities: readonly number[];
  readonly at: Date;
}

/** A run and its holder: only the holder writes to the run, until it ends or another holder takes it. */
export interface Lease {
  readonly run: number;
  readonly holder: string;
}

/**
 * The result of a write to a run. `lost`: another holder or a newer run took over. `superseded`: by newer features or another
 * version.
 */
export type Written = 'written' | 'lost' | 'superseded';

/** Both current scores of one customer. */
export interface ScorePair {
  readonly default: number;
  readonly model: number;
}

/** A customer as of 90 days before the tenant's `as_of`, and the outcome since. */
export interface PastRow {
  /** As in `FeatureRow`, for that day. */
  readonly features: string;
  /** Purchase history on that day: repeats, recency and age, in days. */
  readonly repeats: number;
  readonly recency: number;
  readonly age: number;
  /** Whether an order came in the 90 days. */
  readonly ordered: boolean;
}

/** `H`: purchase histories as the caller's `gather` returned them. */
export interface Past<H> {
  readonly asOf: Date;
  readonly until: Date;
  /** Customers who had ordered by that day. */
  readonly customers: number;
  readonly histories: H;
  /** The rows of all customers, or of a fixed sample. */
  readonly rows: readonly PastRow[];
}

/** Which scores readers see, and the progress of scoring runs. */
export interface ScoringStore {
  read(): Promise<Scoring>;
  /**
   * Stores the result of `change`, one caller at a time; null changes nothing. What `audit` makes of a change is recorded in the same
   * transaction. Returns the state afterwards.
   */
  change(
    change: (state: ScoringState) => ScoringState | null,
    audit?: (before: ScoringState, after: ScoringState) => AuditEvent | null,
  ): Promise<ScoringState>;
}

/** The scores of the tenant's model, by run and batch. */
export interface ScoringRuns {
  /**
   * The open run of `version` on the newest features. Without one, creates one (superseding another open run) if `force` is set
   * or the shown run has another version or other features; otherwise null. Also null without features.
   */
  open(request: {
    readonly version: number;
    readonly askedBy: string | null;
    readonly force: boolean;
    readonly at: Date;
    /** What is recorded, in the same transaction, of the run that is returned. */
    readonly audit?: (run: ScoringRun) => AuditEvent;
  }): Promise<ScoringRun | null>;
  /**
   * Takes the lease of an open run that is the holder's own, or whose holder gave no sign of life since `staleBefore`. Null:
   * another holder is working on it, or it has ended.
   */
  claim(lease: Lease, times: { readonly at: Date; readonly staleBefore: Date }): Promise<ScoringRun | null>;
  /** The next `limit` customers by id, with their newest features. */
  rows(after: string | null, limit: number): Promise<readonly FeatureRow[]>;
  /**
   * Stores the batch that follows `after`, together with the progress, all or nothing, and only if the run's progress is exactly
   * `after`.
   */
  store(lease: Lease, batch: ScoredBatch): Promise<Written>;
  /** Completes the run, stores the result of `change` and records `audit`, all in one transaction. */
  complete(
    lease: Lease,
    at: Date,
    change: (state: ScoringState) => ScoringState,
    audit?: AuditEvent,
  ): Promise<Written>;
  /** Marks the run as failed, stores the result of `change` and records `audit`, all in one transaction. */
  fail(
    lease: Lease,
    failure: { readonly reason: string; readonly at: Date },
    change: (state: ScoringState) => ScoringState,
    audit?: AuditEvent,
  ): Promise<Written>;
  /** Ends the open run, if any, because something else is to be scored. */
  supersede(at: Date): Promise<void>;
  /**
   * Work that readers of a shown run need not wait for: indexes for lists not sorted by risk, and statistics for the query
   * planner. Safe to repeat.
   */
  finishIndexes(run: number): Promise<void>;
  /** Removes scores of runs that nobody sees or works on and that ended before `before`. Returns whether any are left. */
  tidy(before: Date): Promise<boolean>;
}

/** Data for comparing the model with the default, and the newest comparison. */
export interface ScoreComparisons {
  /** Customers scored by both, up to `limit` of a fixed sample; null when the run is not the shown one. */
  pairs(
    run: number,
    limit: number,
  ): Promise<{ readonly customers: number; readonly pairs: readonly ScorePair[] } | null>;
  /**
   * The tenant as of 90 days before its `as_of`. `gather` reads every history of that day and must do nothing else, because a
   * connection waits for it. Null without orders by then.
   */
  past<H>(
    limit: number,
    gather: (groups: AsyncIterable<readonly HistoryGroup[]>) => Promise<H>,
  ): Promise<Past<H> | null>;
  /** The newest comparison; null before the first. */
  newest(): Promise<Comparison | null>;
  /** Replaces the stored comparison. */
  keep(comparison: Comparison): Promise<void>;
}

/** How well probabilities matched the outcome. */
export interface Measures {
  /** Area under the ROC curve; null when everybody or nobody churned. */
  readonly auc: number | null;
  /** Mean squared difference from the outcome; 0 is best. */
  readonly brier: number;
  /** Mean probability. */
  readonly mean: number;
}

export type Outcome =
  | {
      readonly known: true;
      /** Day of the features. */
      readonly asOf: Date;
      /** End of the period whose outcome is known. */
      readonly until: Date;
      readonly customers: number;
      readonly sampled: number;
      /** Customers of the sample without an order in the 90 days. */
      readonly churned: number;
      /** Null: the default could not be fitted for that day; `reason` says why. */
      readonly default: Measures | null;
      readonly reason: string | null;
      readonly model: Measures;
      /** The Brier score of predicting the overall churn rate for every customer. */
      readonly baseline: number;
    }
  | { readonly known: false; readonly reason: string };

/** A comparison of the default and the model on the same customers. */
export interface Comparison {
  readonly run: number;
  readonly version: number;
  readonly computedAt: Date;
  /** Customers scored by both. */
  readonly customers: number;
  readonly sampled: number;
  /** Spearman's rank correlation; null when either gives every customer the same probability. */
  readonly rankAgreement: number | null;
  /** Customers of the sample by tenth of the default's probability, and within each by tenth of the model's. */
  readonly joint: readonly (readonly number[])[];
  /** Probabilities below which the given shares of the sample lie. */
  readonly quantiles: readonly { readonly share: number; readonly default: number; readonly model: number }[];
  readonly outcome: Outcome;
}

/** Tenants that are due for a health check. */
export interface DueHealthChecks {
  /** Tenants due by `now`, longest due first. */
  due(now: Date, limit: number): Promise<readonly string[]>;
}
