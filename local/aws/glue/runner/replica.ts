import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { to } from 'pg-copy-streams';
import { ExtractFailure, replicaFailure } from './failure';
import { copyCommand, withLiterals } from './statement';
import type { ExtractTask } from './task';

/** How far a run may go at the replica. */
export interface ReplicaLimits {
  readonly statementTimeoutMs: number;
  /** How long the run waits for the replica to catch up with the primary. */
  readonly maxWaitMs: number;
}

export const standardLimits: ReplicaLimits = {
  statementTimeoutMs: 45 * 60_000,
  maxWaitMs: 120_000,
};

/** What a run has read, as its manifest says it. */
export interface Snapshot {
  /** Of the tenant's orders; null before the first import. */
  readonly revision: number | null;
  /** Everything that had been committed by this instant is in it. ISO 8601, UTC; null for a tenant that was never marked. */
  readonly at: string | null;
}

/** Rows of a task, as bytes in the layout of `copyCommand`. */
export interface ReplicaRows {
  readonly snapshot: Snapshot;
  readonly chunks: AsyncIterable<Buffer>;
  /** How many rows they were; once `chunks` has ended. */
  finish(): Promise<number>;
}

/**
 * Runs `work` with the rows of `task` from the replica at `url`: in a read-only transaction, under row-level security as
 * the task's tenant. The connection ends with it. Throws ExtractFailure; what `work` throws passes.
 */
export async function withReplicaRows<T>(
  url: string,
  task: ExtractTask,
  limits: ReplicaLimits,
  signal: AbortSignal,
  work: (rows: ReplicaRows) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `annex-extract ${task.requestId}`,
    connectionTimeoutMillis: 10_000,
  });
  // A connection that breaks fails the query that waits on it.
  client.on('error', () => undefined);
  // Ending a client in the middle of a statement cuts its connection.
  const cut = () => void client.end().catch(() => undefined);
  signal.addEventListener('abort', cut, { once: true });
  try {
    const rows = await open(client, task, limits, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw replicaFailure(error);
    });
    return await work(rows);
  } finally {
    signal.removeEventListener('abort', cut);
    await client.end().catch(() => undefined);
  }
}

async function open(
  client: pg.Client,
  task: ExtractTask,
  limits: ReplicaLimits,
  signal: AbortSignal,
): Promise<ReplicaRows> {
  signal.throwIfAborted();
  await client.connect();
  const snapshot = await caughtUp(client, task, limits, signal);
  const select = withLiterals(task.statement, task.values);
  await checkColumns(client, select, task);
  const copy = client.query(to(copyCommand(select, task.format), { highWaterMark: 1 << 20 }));
  return {
    snapshot,
    chunks: chunksOf(copy, signal),
    async finish() {
      await client.query('COMMIT').catch((error: unknown) => {
        throw replicaFailure(error);
      });
      return copy.rowCount;
    },
  };
}

async function* chunksOf(copy: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of copy) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw replicaFailure(error);
  }
}

/**
 * Begins transactions until one shows the watermark that the primary had when the run was asked for, and stays in it: its
 * snapshot is that of every statement that follows. How far a standby that has lost its primary is behind, it cannot tell.
 */
async function caughtUp(
  client: pg.Client,
  task: ExtractTask,
  limits: ReplicaLimits,
  signal: AbortSignal,
): Promise<Snapshot> {
  const deadline = Date.now() + limits.maxWaitMs;
  for (;;) {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(
      `SELECT set_config('role', 'annex_tenant', true), set_config('app.tenant_id', $1, true),
              set_config('statement_timeout', $2, true), set_config('TimeZone', 'UTC', true),
              set_config('DateStyle', 'ISO, YMD', true), set_config('standard_conforming_strings', 'on', true)`,
      [task.tenantId, String(limits.statementTimeoutMs)],
    );
    const { rows } = await client.query<{ reached: boolean; revision: string | null; at: Date | null }>(
      `SELECT coalesce(mark.position, 0) >= $2::bigint AS reached, history.revision, mark.raised_at AS at
       FROM (SELECT $1::text AS tenant_id) AS asked
       LEFT JOIN crm.watermark AS mark USING (tenant_id) LEFT JOIN crm.history AS history USING (tenant_id)`,
      [task.tenantId, task.watermark],
    );
    const [seen] = rows;
    if (seen?.reached) {
      const { revision, at } = seen;
      return { revision: revision === null ? null : Number(revision), at: at?.toISOString() ?? null };
    }
    await client.query('ROLLBACK');
    if (Date.now() >= deadline) {
      throw new ExtractFailure(
        `The replica did not catch up with the CRM within ${limits.maxWaitMs / 1000} s. Try again later.`,
      );
    }
    await delay(Math.min(250, limits.maxWaitMs), undefined, { signal });
  }
}

/** What the statement gives has to be what the request names: masks stand beside these columns in the manifest. */
async function checkColumns(client: pg.Client, select: string, task: ExtractTask): Promise<void> {
  const { fields } = await client.query(`SELECT * FROM (\n${select}\n) AS extract LIMIT 0`);
  const given = fields.map(({ name }) => name);
  const named = task.columns.map(({ name }) => name);
  if (given.length === named.length && given.every((name, at) => name === named[at])) return;
  throw new ExtractFailure(
    `The query returns the columns ${given.join(', ')}, but the request names ${named.join(', ')}.`,
  );
}
