import { setTimeout as delay } from 'node:timers/promises';
import { ExtractFailure } from './failure';
import { parquetOf } from './parquet';
import {
  type ReplicaLimits,
  type ReplicaRows,
  type Snapshot,
  standardLimits,
  withReplicaRows,
} from './replica';
import { type ExtractStore, type JobIdentity, openStore } from './store';
import { type ExtractTask, taskOf } from './task';
import type { Upload } from './upload';

/** What one run works with. */
export interface ExtractRun {
  readonly arguments: Readonly<Record<string, string>>;
  readonly job: JobIdentity;
  /** Of the replica, as the login `annex_portal`. */
  readonly replicaUrl: string;
  /** Ends the run; its reason is what `runExtract` throws. */
  readonly signal: AbortSignal;
  readonly limits?: Partial<ReplicaLimits>;
  /** For trials: how long the run stands still with its upload open, ms, and what it then fails with. */
  readonly trial?: { readonly holdMs?: number; readonly failure?: string };
}

export interface ExtractResult {
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Of the upload, without quotes. */
  readonly etag: string | undefined;
  /** ISO 8601, UTC. */
  readonly finishedAt: string;
}

/** A run that failed, and whether it took everything back that it wrote. */
export class RunFailed extends Error {
  constructor(
    readonly reason: string,
    readonly clean: boolean,
    cause: unknown,
  ) {
    super(reason, { cause });
  }
}

const contentTypes = {
  csv: 'text/csv; charset=utf-8',
  xgboost: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const;

/**
 * Runs one extract from the replica to the tenant's bucket, the manifest last. A statement that the replica cancels to
 * keep up with the primary is begun again once. Throws RunFailed.
 */
export async function runExtract(run: ExtractRun): Promise<ExtractResult> {
  let clean = true;
  let store: ExtractStore | null = null;
  try {
    const task = taskOf(run.arguments);
    store = await openStore(run.job, task);
    await store.clear();
    for (let attempt = 1; ; attempt += 1) {
      const writing = new Writing(store, task);
      try {
        return await writeOnce(run, task, writing);
      } catch (error) {
        clean = await writing.takeBack();
        const again = error instanceof ExtractFailure && error.passing && attempt === 1 && clean;
        if (!again || run.signal.aborted) throw error;
      }
    }
  } catch (error) {
    const cause: unknown = run.signal.aborted ? run.signal.reason : error;
    const reason =
      cause instanceof ExtractFailure
        ? cause.message
        : 'The job failed unexpectedly. See its log for the reason.';
    throw new RunFailed(reason, clean, cause);
  } finally {
    store?.close();
  }
}

/** Removes whatever a run of these arguments left in the bucket. Throws ExtractFailure. */
export async function clearExtract(run: Pick<ExtractRun, 'arguments' | 'job'>): Promise<void> {
  const store = await openStore(run.job, taskOf(run.arguments));
  try {
    await store.clear();
  } finally {
    store.close();
  }
}

function writeOnce(run: ExtractRun, task: ExtractTask, writing: Writing): Promise<ExtractResult> {
  const limits = { ...standardLimits, ...run.limits };
  return withReplicaRows(run.replicaUrl, task, limits, run.signal, async (source) => {
    const upload = await writing.begin(run.signal);
    if (run.trial?.holdMs) await delay(run.trial.holdMs, undefined, { signal: run.signal });
    for await (const chunk of bytesOf(source, task)) await upload.write(chunk);
    const rows = await source.finish();
    if (run.trial?.failure !== undefined) throw new ExtractFailure(run.trial.failure);
    return writing.finish(rows, source.snapshot);
  });
}

const bytesOf = (source: ReplicaRows, task: ExtractTask): AsyncIterable<Buffer> =>
  task.format === 'parquet' ? parquetOf(source.chunks, task.columns) : source.chunks;

/** What one attempt wrote, so that it can be taken back. */
class Writing {
  private upload: Upload | null = null;
  private wroteData = false;
  private wroteManifest = false;

  constructor(
    private readonly store: ExtractStore,
    private readonly task: ExtractTask,
  ) {}

  async begin(signal: AbortSignal): Promise<Upload> {
    this.upload = await this.store.upload(this.task.file, contentTypes[this.task.format], signal);
    return this.upload;
  }

  async finish(rows: number, snapshot: Snapshot): Promise<ExtractResult> {
    if (!this.upload) throw new Error('Nothing was started.');
    const { file, manifest } = this.task;
    const { bytes, sha256, etag } = await this.upload.complete().catch((error: unknown) => {
      // The object may be there although the answer was lost. An object of another run must stay.
      this.wroteData = !(error instanceof ExtractFailure && error.overtaken);
      throw error;
    });
    this.wroteData = true;
    const result = { file, rows, bytes, sha256, etag, finishedAt: new Date().toISOString() };
    this.wroteManifest = true;
    const body = `${JSON.stringify({ ...manifest, snapshot, ...result }, null, 2)}\n`;
    await this.store.put('manifest.json', 'application/json', body);
    return result;
  }

  /** True once nothing is left of it. */
  async takeBack(): Promise<boolean> {
    try {
      await this.upload?.abort();
      if (this.wroteManifest) await this.store.remove('manifest.json');
      if (this.wroteData) await this.store.remove(this.task.file);
      return true;
    } catch {
      return false;
    }
  }
}
