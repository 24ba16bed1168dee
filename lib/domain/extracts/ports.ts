import type { Person } from '../actor';

export const datasetNames = ['customers', 'orders', 'tickets', 'churn_features', 'churn_training'] as const;
export type DatasetName = (typeof datasetNames)[number];

/** `xgboost`: CSV as SageMaker's built-in XGBoost takes it: numbers alone, the label first, no header. */
export const extractFormats = ['csv', 'xgboost', 'parquet'] as const;
export type ExtractFormat = (typeof extractFormats)[number];

/** Types of values in an extract. `timestamp`: an instant, UTC. */
export const columnTypes = ['text', 'int', 'float', 'timestamp', 'date'] as const;
export type ColumnType = (typeof columnTypes)[number];

/** What is done to a column that leaves the CRM. */
export const outputMasks = ['none', 'redact', 'hash', 'partial', 'generalize'] as const;
export type OutputMask = (typeof outputMasks)[number];

/** What is done to a column before anybody outside the CRM sees it. `drop`: it does not leave the CRM. */
export const masks = [...outputMasks, 'drop'] as const;
export type Mask = (typeof masks)[number];

/** A column as it leaves the CRM. */
export interface OutputColumn {
  readonly name: string;
  /** Of what comes out: a hash is text whatever it was made of. */
  readonly type: ColumnType;
  readonly mask: OutputMask;
}

/** Which columns of a dataset exist for tenants and how each is masked. A version never changes. */
export interface ExtractPolicy {
  readonly dataset: DatasetName;
  readonly version: number;
  /** A column that is not named here does not leave the CRM. */
  readonly columns: Readonly<Record<string, Mask>>;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** A value bound to a placeholder, as text; the statement casts it. */
export interface BoundValue {
  readonly type: 'text' | 'timestamptz' | 'date';
  readonly value: string;
}

/** One SELECT with placeholders $1 … $n, what is bound to them, and the columns that it gives, in their order. */
export interface ExtractQuery {
  readonly statement: string;
  readonly values: readonly BoundValue[];
  readonly columns: readonly OutputColumn[];
}

/** Half-open: from `from` on, before `before`. Null: no bound. */
export interface DateRange {
  readonly from: Date | null;
  readonly before: Date | null;
}

/** States of an extract that has not come to its end. */
export const openExtractStates = ['queued', 'running'] as const;
export type OpenExtractState = (typeof openExtractStates)[number];
export const extractStates = [...openExtractStates, 'done', 'failed', 'cancelled'] as const;
export type ExtractState = (typeof extractStates)[number];

export interface Extract {
  /** A ULID: extracts sort by when they were asked for. */
  readonly requestId: string;
  readonly dataset: DatasetName;
  readonly format: ExtractFormat;
  /** As they were when it was asked for, and from the start of a run on as that run has them. */
  readonly columns: readonly OutputColumn[];
  readonly policyVersion: number;
  readonly range: DateRange;
  /** Of the features; null for a dataset that has no such date. */
  readonly asOf: Date | null;
  readonly state: ExtractState;
  /** Rises with each retry. */
  readonly attempt: number;
  /** How often the attempt was taken up by somebody who was to start its run. */
  readonly claims: number;
  /** Glue's id; null until the run is known to have been started. */
  readonly runId: string | null;
  readonly requestedBy: Person;
  readonly requestedAt: Date;
  /** When the attempt began to wait for its run. */
  readonly queuedAt: Date;
  /** When the attempt was first taken up, and from the start of its run on when that was; null while it waits. */
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly cancelAskedAt: Date | null;
  /** Why it failed, in words for the person who asked. */
  readonly reason: string | null;
  /** The file, once it is whole. */
  readonly file: ExtractFile | null;
  /** When it was last moved or looked at, as far as AWS answered; without a run, when it was last taken up. */
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

/** What Annex says of an extract in its `manifest.json`; the run adds its snapshot, the file and when it was finished. */
export interface ManifestSeed {
  readonly requestId: string;
  readonly attempt: number;
  readonly tenant: string;
  readonly dataset: DatasetName;
  readonly format: ExtractFormat;
  readonly columns: readonly OutputColumn[];
  readonly policyVersion: number;
  /** ISO 8601, as all instants of a manifest. */
  readonly asOf: string | null;
  readonly range: { readonly from: string | null; readonly before: string | null };
  readonly requestedBy: string;
  readonly requestedAt: string;
}

/** The tenant's extracts. */
export interface ExtractStore {
  get(requestId: string): Promise<Extract | null>;
  /** Puts `extract` unless there is one of its id; returns the one that is there afterwards. */
  create(extract: Extract): Promise<Extract>;
  /** Replaces the extract of `extract.revision`. Throws `conflict` when another write came first. */
  update(extract: Extract): Promise<Extract>;
  /** Removes the extract of `extract.revision`. Throws `conflict` when a write came first. */
  remove(extract: Extract): Promise<void>;
  /** Newest first; `before` is the `next` of the page before. What cannot be read is left out, here and in `open`. */
  list(page: { readonly before?: string | undefined; readonly limit: number }): Promise<ExtractPage>;
  /** Those asked for since `since` that have not come to their end. */
  open(since: Date): Promise<readonly Extract[]>;
}

export interface ExtractPage {
  readonly extracts: readonly Extract[];
  readonly next: string | null;
}

/** The policies in force. */
export interface ExtractPolicies {
  current(dataset: DatasetName): Promise<ExtractPolicy | null>;
  all(): Promise<readonly ExtractPolicy[]>;
}

export interface RowEstimate {
  readonly rows: number;
  readonly basis: 'counted' | 'estimated';
}

/** Runs extract queries on the read replica, for what a person is shown before they submit. */
export interface ExtractReader {
  /** The first rows as they will come out, each value as text. */
  preview(query: ExtractQuery, rows: number): Promise<readonly (readonly (string | null)[])[]>;
  /** How many rows come out: counted where that is quick, else as many as the planner expects. */
  estimateRows(query: ExtractQuery): Promise<RowEstimate>;
}

export interface ExtractRun {
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  readonly reason: string | null;
}

/** The job that writes extracts. */
export interface ExtractRunner {
  /**
   * Starts a run and returns its id. Its snapshot holds all that was committed for the tenant before `watermark` was raised.
   * Sent again it starts another one: look with `find` first. Takes no longer than 20 s.
   */
  start(input: {
    readonly accountId: string;
    readonly query: ExtractQuery;
    readonly format: ExtractFormat;
    readonly manifest: ManifestSeed;
    readonly watermark: bigint;
  }): Promise<string>;
  /** Ids of the runs of an attempt that were started since `since`, oldest first. */
  find(attempt: {
    readonly requestId: string;
    readonly attempt: number;
    readonly since: Date;
  }): Promise<readonly string[]>;
  /** Null when there is no such run. */
  run(runId: string): Promise<ExtractRun | null>;
  /** Asks for the end of a run; does nothing to one that has ended. */
  stop(runId: string): Promise<void>;
}

/** How far the tenant's rows are, for whoever reads them from a replica. */
export interface Watermark {
  /** Raises it on the primary and returns its position, which the replica has to show before it is read. */
  raise(): Promise<bigint>;
}

/** What is in the tenant's bucket of an extract, read with the tenant's role. */
export interface ExtractFiles {
  /** The file that the manifest names and that is there as it says, or what is wrong. */
  verify(
    accountId: string,
    attempt: { readonly requestId: string; readonly attempt: number },
  ): Promise<
    | { readonly state: 'whole'; readonly file: ExtractFile; readonly finishedAt: Date }
    | { readonly state: 'missing' | 'different'; readonly reason: string }
  >;
  /** An address that gives `file` to whoever has it, for minutes. Never store, log or cache it. */
  downloadUrl(
    accountId: string,
    file: { readonly requestId: string; readonly name: string; readonly saveAs: string },
  ): Promise<string>;
}

/** How busy the job is with everybody's extracts: a number, and nothing of whose. */
export interface ExtractLoad {
  running(): Promise<number>;
}

/** Everything that extracts need, for one tenant. */
export interface ExtractPorts {
  readonly store: ExtractStore;
  readonly policies: ExtractPolicies;
  readonly reader: ExtractReader;
  readonly runner: ExtractRunner;
  readonly watermark: Watermark;
  readonly files: ExtractFiles;
  readonly load: ExtractLoad;
}

/** Extracts of all tenants that wait, or that run, the longest untouched first. For the reconciler. */
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
