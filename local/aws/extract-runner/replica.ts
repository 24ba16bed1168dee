import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { to } from 'pg-copy-streams';
import { ExtractFailure, replicaFailure } from './failure';
import { copyCommand, withLiterals } from './statement';
import type { ExtractTask } from './task';

/** How far a run may go at the replica. */
export interface ReplicaLimits {
  readonly statementTimeoutMs: number;
  /** How far the replica may be behind the primary, and how long the run waits for it to catch up. */
  readonly maxLagMs: number;
  readonly maxWaitMs: number;
}

export const standardLimits: ReplicaLimits = {
  statementTimeoutMs: 45 * 60_000,
  maxLagMs: 60_000,
  maxWaitMs: 30_000,
};

const littleLagMs = 1000;

/** Rows of a task, as bytes in the layout of `copyCommand`. */
export interface ReplicaRows {
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
  await caughtUp(client, limits, signal);
  await client.query('BEGIN READ ONLY');
  await client.query(
    `SELECT set_config('role', 'annex_tenant', true), set_config('app.tenant_id', $1, true),
            set_config('statement_timeout', $2, true), set_config('TimeZone', 'UTC', true),
            set_config('DateStyle', 'ISO, YMD', true), set_config('standard_conforming_strings', 'on', true)`,
    [task.tenantId, String(limits.statementTimeoutMs)],
  );
  const select = withLiterals(task.statement, task.values);
  await checkColumns(client, select, task);
  const copy = client.query(to(copyCommand(select, task.format), { highWaterMark: 1 << 20 }));
  return {
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

/** Waits for the replica to catch up; one that is a little behind then will do. One that has replayed all it got is not behind. */
async function caughtUp(client: pg.Client, limits: ReplicaLimits, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + limits.maxWaitMs;
  for (;;) {
    const { rows } = await client.query<{ lag_ms: number }>(
      `SELECT CASE WHEN NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
              ELSE coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000, 0)
              END::float8 AS lag_ms`,
    );
    const lagMs = rows[0]?.lag_ms ?? 0;
    if (lagMs <= Math.min(littleLagMs, limits.maxLagMs)) return;
    if (Date.now() >= deadline) {
      if (lagMs <= limits.maxLagMs) return;
      throw new ExtractFailure(
        `The replica is ${Math.round(lagMs / 1000)} s behind the primary. Try again later.`,
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
    `The statement gives the columns ${given.join(', ')}, and the request names ${named.join(', ')}.`,
  );
}
