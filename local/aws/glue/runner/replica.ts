import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { to } from 'pg-copy-streams';
import { ExtractFailure, replicaFailure } from './failure';
import { copyCommand, type PolicyInForce, selectOf } from './statement';
import type { ExtractTask } from './task';

/** How far a run may go at the replica. */
export interface ReplicaLimits {
  readonly statementTimeoutMs: number;
  /** How long the run waits for the replica to come back, or to catch up with the primary. */
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
  /** How many rows they were; once `chunks` has ended. Throws ExtractFailure if the policy allows fewer. */
  finish(): Promise<number>;
}

/**
 * Runs `work` in a transaction on the replica at `url`: read-only, with the order of `task` and its seal, and with a snapshot that
 * shows the watermark. The connection ends with it. Throws ExtractFailure; what `work` throws passes.
 */
async function withReplica<T>(
  url: string,
  task: ExtractTask,
  limits: ReplicaLimits,
  signal: AbortSignal,
  work: (client: pg.Client, snapshot: Snapshot) => Promise<T>,
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
    signal.throwIfAborted();
    const snapshot = await orFailure(signal, async () => {
      await client.connect();
      return caughtUp(client, task, limits, signal);
    });
    return await work(client, snapshot);
  } finally {
    signal.removeEventListener('abort', cut);
    await client.end().catch(() => undefined);
  }
}

async function orFailure<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    throw replicaFailure(error);
  }
}

/** The AWS account of the tenant whose seal the order bears. Throws ExtractFailure. */
export function accountOf(
  url: string,
  task: ExtractTask,
  limits: ReplicaLimits,
  signal: AbortSignal,
): Promise<string> {
  return withReplica(url, task, limits, signal, async (client) => {
    const { rows } = await orFailure(signal, () =>
      client.query<{ account_id: string | null }>('SELECT account_id FROM tenant WHERE id = $1', [
        task.tenantId,
      ]),
    );
    const accountId = rows[0]?.account_id ?? null;
    if (accountId === null) throw new ExtractFailure('The tenant has no AWS account to write to.');
    return accountId;
  });
}

/** Runs `work` with the rows of `task`. Throws ExtractFailure; what `work` throws passes. */
export function withReplicaRows<T>(
  url: string,
  task: ExtractTask,
  limits: ReplicaLimits,
  signal: AbortSignal,
  work: (rows: ReplicaRows) => Promise<T>,
): Promise<T> {
  return withReplica(url, task, limits, signal, async (client, snapshot) => {
    const policy = await orFailure(signal, () => policyInForce(client, task));
    const { select, rowLimit } = selectOf(task.order, policy);
    const command = copyCommand(select, task.format);
    const copy = client.query(to(command, { highWaterMark: 1 << 20 }));
    // A connection may break before anybody reads; whoever then reads gets the error.
    copy.on('error', () => undefined);
    return work({
      snapshot,
      chunks: chunksOf(copy, signal),
      async finish() {
        await orFailure(signal, () => client.query('COMMIT'));
        if (rowLimit !== null && copy.rowCount > rowLimit) throw tooManyRows(rowLimit);
        return copy.rowCount;
      },
    });
  });
}

async function policyInForce(
  client: pg.Client,
  { tenantId, order: { dataset } }: ExtractTask,
): Promise<PolicyInForce | undefined> {
  const { rows } = await client.query<PolicyInForce>(
    'SELECT version, columns, row_limit FROM extract_policies_in_force($1) WHERE dataset = $2',
    [tenantId, dataset],
  );
  return rows[0];
}

/** Nobody may take a part of the rows for all of them. */
const tooManyRows = (rowLimit: number): ExtractFailure =>
  new ExtractFailure(`The extract has more rows than its policy allows: ${rowLimit} at most.`);

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
      `SELECT set_config('app.tenant_id', $1, true), set_config('app.order', $2, true), set_config('app.seal', $3, true),
              set_config('statement_timeout', $4, true), set_config('TimeZone', 'UTC', true),
              set_config('DateStyle', 'ISO, YMD', true), set_config('standard_conforming_strings', 'on', true)`,
      [task.tenantId, task.sealed, task.seal, String(limits.statementTimeoutMs)],
    );
    const { rows } = await client.query<{
      sealed: boolean;
      reached: boolean;
      revision: string | null;
      at: Date | null;
    }>(
      `SELECT crm.sealed_tenant() IS NOT NULL AS sealed, coalesce(mark.position, 0) >= $2::bigint AS reached,
         history.revision, mark.raised_at AS at
       FROM (SELECT $1::text AS tenant_id) AS asked
       LEFT JOIN crm.watermark AS mark USING (tenant_id) LEFT JOIN crm.history AS history USING (tenant_id)`,
      [task.tenantId, task.watermark],
    );
    const [seen] = rows;
    if (!seen?.sealed)
      throw new ExtractFailure('The order does not bear the seal of the tenant that it names.');
    if (seen.reached) {
      const { revision, at } = seen;
      return { revision: revision === null ? null : Number(revision), at: at?.toISOString() ?? null };
    }
    await client.query('ROLLBACK');
    if (Date.now() >= deadline) {
      throw new ExtractFailure(
        `The replica did not catch up with the CRM within ${limits.maxWaitMs / 1000} s.`,
        { outage: true },
      );
    }
    await delay(Math.min(250, limits.maxWaitMs), undefined, { signal });
  }
}
