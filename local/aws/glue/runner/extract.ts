import { setTimeout as delay } from 'node:timers/promises';
import { externalId, siloRoleArn, tenantBucket } from '@/local/aws-names';
import { ExtractFailure } from './failure';
import { parquetOf } from './parquet';
import {
  accountOf,
  type ReplicaLimits,
  type ReplicaRows,
  type Snapshot,
  standardLimits,
  withReplicaRows,
} from './replica';
import { type Destination, type ExtractStore, type JobIdentity, openStore } from './store';
import { type ExtractTask, taskOf } from './task';
import type { Upload } from './upload';

/** What one run works with. */
export interface ExtractRun {
  readonly arguments: Readonly<Record<string, string>>;
  readonly job: JobIdentity;
  /** Of the replica, as the login `annex_extract`. */
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
 * Runs one extract from the replica to the bucket of the tenant whose seal the order bears, the manifest last. A statement that the
 * replica cancels to keep up with the primary is begun again once; a replica that is away is waited for. Throws RunFailed.
 */
export async function runExtract(run: ExtractRun): Promise<ExtractResult> {
  const left = { clean: true };
  const { maxWaitMs } = { ...standardLimits, ...run.limits };
  let store: ExtractStore | null = null;
  let cancelled = false;
  let awaySince: number | null = null;
  try {
    const task = taskOf(run.arguments);
    for (;;) {
      try {
        if (store === null) {
          store = await openStore(run.job, await destinationOf(run, task));
          await store.clear();
        }
        return await writeOnce(run, task, store, left);
      } catch (error) {
        if (run.signal.aborted || !left.clean || !(error instanceof ExtractFailure)) throw error;
        if (error.passing && !cancelled) cancelled = true;
        else if (error.outage) {
          awaySince ??= Date.now();
          if (Date.now() - awaySince >= maxWaitMs) throw error;
          await delay(Math.min(1000, maxWaitMs), undefined, { signal: run.signal });
        } else throw error;
      }
    }
  } catch (error) {
    const cause: unknown = run.signal.aborted ? run.signal.reason : error;
    throw new RunFailed(reasonOf(cause), left.clean, cause);
  } finally {
    store?.close();
  }
}

/** Glue shows the kind of an exception before its text; the portal tries again when it reads this one. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof ExtractFailure)) {
    return 'The job failed unexpectedly. See its log for the reason.';
  }
  return cause.outage ? `ReplicaUnavailable: ${cause.message}` : cause.message;
}

/** Removes whatever a run of these arguments left in the bucket. Throws ExtractFailure. */
export async function clearExtract(run: Pick<ExtractRun, 'arguments' | 'job' | 'replicaUrl'>): Promise<void> {
  const destination = await destinationOf(
    { ...run, signal: new AbortController().signal },
    taskOf(run.arguments),
  );
  const store = await openStore(run.job, destination);
  try {
    await store.clear();
  } finally {
    store.close();
  }
}

/** The database says which account is the tenant's; nothing in the arguments can send rows elsewhere. */
async function destinationOf(
  { replicaUrl, limits, signal }: Pick<ExtractRun, 'replicaUrl' | 'limits' | 'signal'>,
  task: ExtractTask,
): Promise<Destination> {
  const { requestId, tenantId, prefix } = task;
  const accountId = await accountOf(replicaUrl, task, { ...standardLimits, ...limits }, signal);
  return {
    requestId,
    tenantId,
    prefix,
    bucket: tenantBucket(tenantId, accountId),
    roleArn: siloRoleArn(accountId),
    externalId: externalId(tenantId),
  };
}

async function writeOnce(
  run: ExtractRun,
  task: ExtractTask,
  store: ExtractStore,
  left: { clean: boolean },
): Promise<ExtractResult> {
  const writing = new Writing(store, task);
  try {
    return await writeRows(run, task, writing);
  } catch (error) {
    left.clean = await writing.takeBack();
    throw error;
  }
}

function writeRows(run: ExtractRun, task: ExtractTask, writing: Writing): Promise<ExtractResult> {
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
  task.format === 'parquet' ? parquetOf(source.chunks, task.order.columns) : source.chunks;

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
    const { file, order } = this.task;
    const { bytes, sha256, etag } = await this.upload.complete().catch((error: unknown) => {
      // The object may be there although the answer was lost. An object of another run must stay.
      this.wroteData = !(error instanceof ExtractFailure && error.overtaken);
      throw error;
    });
    this.wroteData = true;
    const result = { file, rows, bytes, sha256, etag, finishedAt: new Date().toISOString() };
    this.wroteManifest = true;
    const body = `${JSON.stringify({ ...order, snapshot, ...result }, null, 2)}\n`;
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
