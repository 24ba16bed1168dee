import type { Person } from '../actor';

export const datasetNames = ['customers', 'orders', 'tickets', 'churn_features', 'churn_training'] as const;
export type DatasetName = (typeof datasetNames)[number];

/** `xgboost`: CSV for SageMaker's built-in XGBoost: only numbers, the label first, no header. */
export const extractFormats = ['csv', 'xgboost', 'parquet'] as const;
export type ExtractFormat = (typeof extractFormats)[number];

/** Types of values in an extract. `timestamp` is an instant, UTC. */
export const columnTypes = ['text', 'int', 'float', 'timestamp', 'date'] as const;
export type ColumnType = (typeof columnTypes)[number];

/** Masks of columns that leave the CRM. */
export const outputMasks = ['none', 'redact', 'hash', 'partial', 'generalize'] as const;
export type OutputMask = (typeof outputMasks)[number];

/** All masks. `drop`: the column does not leave the CRM. */
export const masks = [...outputMasks, 'drop'] as const;
export type Mask = (typeof masks)[number];

/** A column as it leaves the CRM. */
export interface OutputColumn {
  readonly name: string;
  /** Type after masking: a hash is always text. */
  readonly type: ColumnType;
  readonly mask: OutputMask;
}

/** Which columns of a dataset a tenant may extract, and their masks. A policy version never changes. */
export interface ExtractPolicy {
  readonly dataset: DatasetName;
  /** Unique in the dataset, among the standards and the overrides of all tenants. */
  readonly version: number;
  /** A column that is not listed here does not leave the CRM. */
  readonly columns: Readonly<Record<string, Mask>>;
  /** An extract with more rows is refused. Null: no limit. */
  readonly rowLimit: number | null;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** A value bound to a placeholder, as text; the statement casts it. */
export interface BoundValue {
  readonly type: 'text' | 'timestamptz' | 'date';
  readonly value: string;
}

/** One SELECT with placeholders $1 … $n, the values bound to them, and the resulting columns in order. */
export interface ExtractQuery {
  /** Under a row limit, it gives at most one row more, which says that the extract exceeds it. */
  readonly statement: string;
  readonly values: readonly BoundValue[];
  readonly columns: readonly OutputColumn[];
}

/** Half-open: at or after `from`, before `before`. Null: unbounded. */
export interface DateRange {
  readonly from: Date | null;
  readonly before: Date | null;
}

/** The states that are not final. */
export const openExtractStates = ['queued', 'running'] as const;
export type OpenExtractState = (typeof openExtractStates)[number];
export const extractStates = [...openExtractStates, 'done', 'failed', 'cancelled'] as const;
export type ExtractState = (typeof extractStates)[number];

export interface Extract {
  /** A ULID, so that extracts sort by when they were requested. */
  readonly requestId: string;
  readonly dataset: DatasetName;
  readonly format: ExtractFormat;
  /** The columns when the extract was requested; once a job run starts, the columns of that run. */
  readonly columns: readonly OutputColumn[];
  readonly policyVersion: number;
  readonly range: DateRange;
  /** Date of the features; null for a dataset without one. */
  readonly asOf: Date | null;
  readonly state: ExtractState;
  /** Rises with each retry. */
  readonly attempt: number;
  /** How often somebody claimed the attempt to start its job run. */
  readonly claims: number;
  /** Glue's id of the job run; null until the run is known to have started. */
  readonly runId: string | null;
  readonly requestedBy: Person;
  readonly requestedAt: Date;
  /** When the attempt was queued. */
  readonly queuedAt: Date;
  /** When the attempt was first claimed; once its job run has started, when that was. Null while queued. */
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly cancelAskedAt: Date | null;
  /**
   * Why it failed, for the requester, or why it was cancelled, if not by a person. While queued: why the last run could not read the
   * replica, which Annex tries again.
   */
  readonly reason: string | null;
  /** The file, once it is complete. */
  readonly file: ExtractFile | null;
  /** When the extract last changed or AWS last responded to a check of it; without a job run, when it was last claimed. */
  readonly updatedAt: Date;
  /** Rises by one with each write; writes are conditional on it. */
  readonly revision: number;
}

export interface ExtractFile {
  /** `data.csv` or `data.parquet`. */
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** What Annex writes into an extract's `manifest.json`; the job run adds its snapshot, the file and the finish time. */
export interface ManifestSeed {
  readonly requestId: string;
  readonly attempt: number;
  readonly tenant: string;
  readonly dataset: DatasetName;
  readonly format: ExtractFormat;
  readonly columns: readonly OutputColumn[];
  readonly policyVersion: number;
  /** ISO 8601, like every instant in a manifest. */
  readonly asOf: string | null;
  readonly range: { readonly from: string | null; readonly before: string | null };
  readonly requestedBy: string;
  readonly requestedAt: string;
}

/** The tenant's extracts. */
export interface ExtractStore {
  get(requestId: string): Promise<Extract | null>;
  /** Stores `extract` unless its id exists; returns the stored one. */
  create(extract: Extract): Promise<Extract>;
  /** Replaces the extract if its stored revision is still `extract.revision`. Throws `conflict` when another write came first. */
  update(extract: Extract): Promise<Extract>;
  /** Removes the extract if its stored revision is still `extract.revision`. Throws `conflict` when another write came first. */
  remove(extract: Extract): Promise<void>;
  /**
   * Newest first: those before the id `before` or, those nearest to it, after the id `after`. Unreadable items are left out, here and
   * in `open`.
   */
  list(page: {
    readonly before?: string | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<ExtractPage>;
  /** Open extracts that were requested since `since`. */
  open(since: Date): Promise<readonly Extract[]>;
  /** What was requested at or after `since`, whatever became of it. */
  requestedSince(since: Date): Promise<readonly Pick<Extract, 'requestId' | 'requestedAt'>[]>;
}

export interface ExtractPage {
  readonly extracts: readonly Extract[];
  /** The `before` of the next page, and the `after` of the previous one; null where the list ends. */
  readonly next: string | null;
  readonly previous: string | null;
}

/** The policies in force for the tenant: its own override of a dataset, otherwise the standard. */
export interface ExtractPolicies {
  current(dataset: DatasetName): Promise<ExtractPolicy | null>;
  all(): Promise<readonly ExtractPolicy[]>;
}

export interface RowEstimate {
  readonly rows: number;
  readonly basis: 'counted' | 'estimated';
}

/** Runs extract queries on the read replica, for what people see before they submit. */
export interface ExtractReader {
  /** The first rows as the extract will contain them, each value as text. */
  preview(query: ExtractQuery, rows: number): Promise<readonly (readonly (string | null)[])[]>;
  /**
   * How many rows the query gives: counted if that takes at most `countMs`, under a second by default, otherwise estimated by the
   * query planner.
   */
  estimateRows(query: ExtractQuery, countMs?: number): Promise<RowEstimate>;
}

export interface ExtractRun {
  /** `away`: the run failed because the replica was away or behind, so that another run may succeed. */
  readonly state: 'running' | 'done' | 'failed' | 'stopped' | 'away';
  readonly reason: string | null;
}

/** The Glue job that writes extracts. */
export interface ExtractRunner {
  /**
   * Starts a job run for a sealed order and returns its id. Its snapshot holds everything committed for the tenant before the
   * order was sealed. A repeated call starts another run, so call `find` first. Takes at most 20 s.
   */
  start(order: SealedOrder): Promise<string>;
  /** Ids of the attempt's job runs that started since `since`, oldest first. */
  find(attempt: {
    readonly requestId: string;
    readonly attempt: number;
    readonly since: Date;
  }): Promise<readonly string[]>;
  /** Null when the run does not exist. */
  run(runId: string): Promise<ExtractRun | null>;
  /** Asks Glue to stop a run; does nothing if it has ended. */
  stop(runId: string): Promise<void>;
}

/** What a job run is to write, with the proof that this tenant asked for it. */
export interface SealedOrder {
  readonly requestId: string;
  /** A `ManifestSeed` as JSON. The seal covers this text. */
  readonly manifest: string;
  /** The replica must show this position of the tenant's watermark before it is read. */
  readonly watermark: bigint;
  /** Hexadecimal. The database gives no rows to a job without it. */
  readonly seal: string;
}

/** Seals orders on the primary. */
export interface ExtractOrders {
  /** Raises the tenant's watermark and seals the order together with its position. */
  seal(order: Pick<SealedOrder, 'requestId' | 'manifest'>): Promise<SealedOrder>;
}

/** The extract's files in the tenant's bucket, read with the tenant's role. */
export interface ExtractFiles {
  /** The file, if it exists as the manifest describes it; otherwise what is wrong. */
  verify(
    accountId: string,
    attempt: { readonly requestId: string; readonly attempt: number },
  ): Promise<
    | { readonly state: 'whole'; readonly file: ExtractFile; readonly finishedAt: Date }
    | { readonly state: 'missing' | 'different'; readonly reason: string }
  >;
  /** A URL that gives anyone who has it the file, for minutes. Never store, log or cache it. */
  downloadUrl(
    accountId: string,
    file: { readonly requestId: string; readonly name: string; readonly saveAs: string },
  ): Promise<string>;
}

/** How many job runs all tenants have now, without revealing whose. */
export interface ExtractLoad {
  running(): Promise<number>;
}

/** The ports that extracts need, for one tenant. */
export interface ExtractPorts {
  readonly store: ExtractStore;
  readonly policies: ExtractPolicies;
  readonly reader: ExtractReader;
  readonly runner: ExtractRunner;
  readonly orders: ExtractOrders;
  readonly files: ExtractFiles;
  readonly load: ExtractLoad;
}

/** Queued or running extracts of all tenants, longest untouched first, for the sweep. */
export interface OpenExtractIndex {
  open(page: {
    readonly state: OpenExtractState;
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<{
    readonly extracts: readonly {
      readonly tenantId: string;
      readonly requestId: string;
      readonly updatedAt: Date;
    }[];
    readonly next: string | null;
  }>;
}
