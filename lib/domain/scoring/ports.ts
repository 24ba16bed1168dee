import type { HistoryGroup } from '../churn/ports';

/**
 * Which scores readers see. `default`: the statistical default's. `model`: those of a whole run of the tenant's model.
 * `fallback`: the default's, because the model that is followed fails.
 */
export const scoringModes = ['default', 'model', 'fallback'] as const;
export type ScoringMode = (typeof scoringModes)[number];

/** Why the circuit is open: the endpoint does not answer as an endpoint should, or what it answers cannot be believed. */
export const failureCauses = ['unreachable', 'answers'] as const;
export type FailureCause = (typeof failureCauses)[number];

/** Circuit breaker of the tenant's endpoint. */
export interface Breaker {
  /** In a row. */
  readonly failures: number;
  readonly cause: FailureCause | null;
  /** Null: closed. */
  readonly openedAt: Date | null;
  /** Times it opened since a run last came to its end; spaces the looks of an open circuit. */
  readonly trials: number;
  /** Runs that failed since one last came to its end. More than none: only a run that comes to its end closes the circuit. */
  readonly failedRuns: number;
}

export interface ScoringState {
  readonly mode: ScoringMode;
  readonly since: Date;
  /** Of a fallback, for people. */
  readonly reason: string | null;
  /** The registration that is followed; null: the default. */
  readonly version: number | null;
  /** The newest whole run, kept through a fallback. */
  readonly shownRun: number | null;
  readonly breaker: Breaker;
  /** When the endpoint is due for a look; null: nothing to look at. */
  readonly nextHealthCheckAt: Date | null;
}

export const scoringRunStates = ['waiting', 'running', 'done', 'failed', 'superseded'] as const;

/** A scoring of every customer by one version of the model. */
export interface ScoringRun {
  readonly run: number;
  readonly version: number;
  /** Of the orders whose features are scored. */
  readonly revision: number;
  readonly state: (typeof scoringRunStates)[number];
  /** Who pressed the button; null: Annex itself. */
  readonly askedBy: string | null;
  readonly askedAt: Date;
  readonly startedAt: Date | null;
  /** Of the last sign of life. */
  readonly touchedAt: Date;
  readonly finishedAt: Date | null;
  readonly rowsDone: number;
  readonly rowsTotal: number;
  /** Customers up to here are stored. */
  readonly lastCustomer: string | null;
  /** Of a failed one, for people. */
  readonly failure: string | null;
}

export interface Scoring {
  readonly state: ScoringState;
  /** The run of `state.shownRun`. */
  readonly shown: ScoringRun | null;
  /** The newest run, whatever became of it. */
  readonly latest: ScoringRun | null;
}

/** The features of one customer: their values in the interface's order, with commas between, as a request has them. */
export interface FeatureRow {
  readonly customerId: string;
  readonly features: string;
}

export interface ScoredBatch {
  /** The customer before the first; null: there is none. */
  readonly after: string | null;
  readonly rows: readonly FeatureRow[];
  /** One a row, in their order. */
  readonly probabilities: readonly number[];
  readonly at: Date;
}

/** A run, taken by one holder: only that one writes to it, until the run ends or another takes it. */
export interface Lease {
  readonly run: number;
  readonly holder: string;
}

/** What became of a write to a run: `lost` to another holder or to a newer run, `superseded` by newer features or another version. */
export type Written = 'written' | 'lost' | 'superseded';

/** One customer by both, now. */
export interface ScorePair {
  readonly default: number;
  readonly model: number;
}

/** A customer 90 days before the tenant's `as_of`, and what happened since. */
export interface PastRow {
  /** As `FeatureRow` has them, at that day. */
  readonly features: string;
  /** Purchase history at that day: repeats, recency and age, in days. */
  readonly repeats: number;
  readonly recency: number;
  readonly age: number;
  /** Whether an order came in the 90 days. */
  readonly ordered: boolean;
}

/** `H`: purchase histories as whoever asked gathered them. */
export interface Past<H> {
  readonly asOf: Date;
  readonly until: Date;
  /** Who had ordered by that day. */
  readonly customers: number;
  readonly histories: H;
  /** Of a sample that is the same each time, or of all. */
  readonly rows: readonly PastRow[];
}

/** Which scores readers see, and how far their making is. */
export interface ScoringStore {
  read(): Promise<Scoring>;
  /** Writes what `change` makes of the state, one at a time; null leaves it. Returns what is there afterwards. */
  change(change: (state: ScoringState) => ScoringState | null): Promise<ScoringState>;
}

/** The scores of the tenant's model, run by run and batch by batch. */
export interface ScoringRuns {
  /**
   * The open run of `version` on the newest features. Without one, makes one (superseding an open run of something else) where
   * `force` is set or where the shown run is not of that version and those features; else null. Null, too, without features.
   */
  open(request: {
    readonly version: number;
    readonly askedBy: string | null;
    readonly force: boolean;
    readonly at: Date;
  }): Promise<ScoringRun | null>;
  /**
   * Takes an open run that is the holder's own, or whose holder gave no sign of life since `staleBefore`. Null: somebody else is
   * at it, or it is over.
   */
  claim(lease: Lease, times: { readonly at: Date; readonly staleBefore: Date }): Promise<ScoringRun | null>;
  /** The next `limit` customers by id, with their newest features. */
  rows(after: string | null, limit: number): Promise<readonly FeatureRow[]>;
  /** Stores the batch behind `after`, and the progress with it: both or none, and only when `after` is how far the run is. */
  store(lease: Lease, batch: ScoredBatch): Promise<Written>;
  /** Ends the run as a whole and writes what `change` makes of the state in the same moment. */
  complete(lease: Lease, at: Date, change: (state: ScoringState) => ScoringState): Promise<Written>;
  /** Ends the run as one that failed, and the state in the same moment. */
  fail(
    lease: Lease,
    failure: { readonly reason: string; readonly at: Date },
    change: (state: ScoringState) => ScoringState,
  ): Promise<Written>;
  /** Ends the open run, if there is one, because something else is to be scored. */
  supersede(at: Date): Promise<void>;
  /**
   * What readers of a run that is shown need not wait for: indexes for the lists in other orders than by risk, and figures for
   * the planner. Harmless to repeat.
   */
  finishIndexes(run: number): Promise<void>;
  /** Removes scores of runs that nobody sees or works on and that ended before `before`. Returns whether any are left. */
  tidy(before: Date): Promise<boolean>;
}

/** What the model and the default are compared by, and the newest comparison. */
export interface ScoreComparisons {
  /** Customers scored by both, up to `limit` of a sample that is the same each time; null when the run is not the shown one. */
  pairs(
    run: number,
    limit: number,
  ): Promise<{ readonly customers: number; readonly pairs: readonly ScorePair[] } | null>;
  /**
   * The tenant 90 days before its `as_of`: `gather` reads every history of that day, and no more, as a connection waits for it. Null
   * without orders by then.
   */
  past<H>(
    limit: number,
    gather: (groups: AsyncIterable<readonly HistoryGroup[]>) => Promise<H>,
  ): Promise<Past<H> | null>;
  /** The newest comparison; null before the first. */
  newest(): Promise<Comparison | null>;
  /** Keeps `comparison` in place of the one before. */
  keep(comparison: Comparison): Promise<void>;
}

/** How well probabilities met what happened. */
export interface Measures {
  /** Area under the ROC curve; null when everybody or nobody churned. */
  readonly auc: number | null;
  /** Mean squared difference from what happened; 0 is best. */
  readonly brier: number;
  /** Mean probability. */
  readonly mean: number;
}

export type Outcome =
  | {
      readonly known: true;
      /** Features are of this day. */
      readonly asOf: Date;
      /** What happened until this day is known. */
      readonly until: Date;
      readonly customers: number;
      readonly sampled: number;
      /** Of the sample: no order in the 90 days. */
      readonly churned: number;
      /** Null: the default could not be fitted on that day, and `reason` says why. */
      readonly default: Measures | null;
      readonly reason: string | null;
      readonly model: Measures;
      /** The Brier score of saying everybody's rate for everybody. */
      readonly baseline: number;
    }
  | { readonly known: false; readonly reason: string };

/** The default and the model on the same customers. */
export interface Comparison {
  readonly run: number;
  readonly version: number;
  readonly computedAt: Date;
  /** Scored by both. */
  readonly customers: number;
  readonly sampled: number;
  /** Spearman's rank correlation; null when one of the two says the same of everybody. */
  readonly rankAgreement: number | null;
  /** Customers of the sample by tenth of the default's probability, and in each by tenth of the model's. */
  readonly joint: readonly (readonly number[])[];
  /** Probabilities below which these shares of the sample lie. */
  readonly quantiles: readonly { readonly share: number; readonly default: number; readonly model: number }[];
  readonly outcome: Outcome;
}

/** Whose scoring is due for a look, across tenants. */
export interface DueHealthChecks {
  /** Tenants due by `now`, the longest due first. */
  due(now: Date, limit: number): Promise<readonly string[]>;
}
