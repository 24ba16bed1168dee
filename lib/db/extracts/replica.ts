import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { ExtractQuery, ExtractReader } from '@/lib/domain/extracts/ports';
import { env } from '@/lib/env';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { fairQueue } from '@/lib/fair-queue';
import { outages } from '@/lib/log';
import { oneInProcess } from '@/lib/one-in-process';
import { aside } from '@/lib/turn';
import { isUnavailable, sqlStateOf, toAnnexError } from '../core/errors';
import { openPool } from '../core/pool';

const connections = 12;
/** People wait for these reads. */
const statementTimeoutMs = 8_000;
/** If counting takes longer, the planner's estimate is good enough for a page. */
const countTimeoutMs = 700;

/**
 * A tenant's share of the replica. A preview may keep a core busy for seconds, so one tenant has one read at a time; its
 * others wait, and longer than a read may take.
 */
const turns = oneInProcess('replica-turns', () =>
  fairQueue({
    perKey: 1,
    inAll: connections,
    waiting: 100,
    waitMs: 2 * statementTimeoutMs,
    refusal: () =>
      new AnnexError(
        'throttled',
        'Your organisation has too many previews in progress. Try again in a moment.',
      ),
  }),
);

const opened = oneInProcess<{ pool?: pg.Pool | undefined }>('replica', () => ({}));

function replica(): pg.Pool {
  opened.pool ??= open(env().DATABASE_REPLICA_URL);
  return opened.pool;
}

/** Opens the replica at `url` instead of `DATABASE_REPLICA_URL`. For tests and benchmarks, which have their own replica. */
export async function openReplica(url: string): Promise<void> {
  await closeReplica();
  opened.pool = open(url);
}

/** One read of the replica, at once or not at all. Throws `dependency_failed` when it does not answer. */
export async function pingReplica(): Promise<void> {
  try {
    await watched(() => replica().query('SELECT 1'));
  } catch (error) {
    throw toAnnexError(error);
  }
}

/** Closes all connections, for a graceful shutdown. */
export async function closeReplica(): Promise<void> {
  const closing = opened.pool;
  opened.pool = undefined;
  await closing?.end();
}

/**
 * Runs extract queries on the read replica like the extract job: under `tenantId`'s row-level security, read-only, in
 * UTC.
 */
export function extractReader(tenantId: string): ExtractReader {
  return {
    preview: (query, rows) =>
      inTenant(tenantId, async (client) => {
        const { rows: found } = await client.query<(string | null)[]>({
          // A row limit of the policy is part of the statement.
          text: `SELECT * FROM (\n${query.statement}\n) AS extract LIMIT ${Math.max(0, Math.trunc(rows))}`,
          values: valuesOf(query),
          rowMode: 'array',
          // The database's own text, which `COPY` also writes to the file.
          types: { getTypeParser: () => String },
        });
        return found;
      }),
    estimateRows: (query, countMs = countTimeoutMs) =>
      inTenant(tenantId, async (client) => {
        const rows = await counted(client, query, Math.min(countMs, statementTimeoutMs));
        if (rows !== null) return { rows, basis: 'counted' };
        return { rows: await planned(client, query), basis: 'estimated' };
      }),
  };
}

/** The number of rows; null when counting takes longer than `timeoutMs`. */
async function counted(
  client: pg.PoolClient,
  query: ExtractQuery,
  timeoutMs: number,
): Promise<number | null> {
  await client.query(`SAVEPOINT counting; SET LOCAL statement_timeout = ${Math.trunc(timeoutMs)}`);
  try {
    const { rows } = await client.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM (\n${query.statement}\n) AS extract`,
      valuesOf(query),
    );
    return Number(rows[0]?.rows ?? 0);
  } catch (error) {
    if (sqlStateOf(error) !== '57014') throw error;
    // This also restores the previous timeout.
    await client.query('ROLLBACK TO SAVEPOINT counting');
    return null;
  }
}

async function planned(client: pg.PoolClient, query: ExtractQuery): Promise<number> {
  const { rows } = await client.query<{ 'QUERY PLAN': readonly [{ Plan: { 'Plan Rows': number } }] }>(
    `EXPLAIN (FORMAT JSON) ${query.statement}`,
    valuesOf(query),
  );
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}

function valuesOf(query: ExtractQuery): string[] {
  return query.values.map(({ value }) => value);
}

/**
 * Sets role, tenant and formats in one statement, until the transaction ends, however it ends. A read takes one core: the
 * others are for other tenants.
 */
const assume = `SELECT set_config('role', 'annex_tenant', true), set_config('app.tenant_id', $1, true),
  set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true), set_config('statement_timeout', $2, true),
  set_config('max_parallel_workers_per_gather', '0', true)`;

/** Pauses before a read is tried again on a replica that is away, ms: a restart takes a second or two. */
const pausesMs = [250, 750, 1500];

/** Runs `work` in a read-only transaction of `tenantId`, while the request steps aside. */
function inTenant<T>(tenantId: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return aside(() => whenBack(tenantId, work));
}

/** Runs `work` in its turn; again after a short pause if the replica is away. */
async function whenBack<T>(tenantId: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await inTurn(tenantId, work);
    } catch (error) {
      if (!isAway(error)) throw error;
    }
    await delay(pauseMs);
  }
  return inTurn(tenantId, work);
}

/** A statement that took too long (57014) would take as long again. */
const isAway = (error: unknown): boolean =>
  isAnnexError(error, 'dependency_failed') && sqlStateOf(error.cause) !== '57014';

async function inTurn<T>(tenantId: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const leave = await turns.enter(tenantId);
  try {
    return await inTransaction(tenantId, work);
  } finally {
    leave();
  }
}

/** What `work` on the replica comes to, which may begin or end an outage. */
const watched = <T>(work: () => Promise<T>): Promise<T> => outages.watch('replica', isUnavailable, work);

async function inTransaction<T>(tenantId: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  let client: pg.PoolClient;
  try {
    client = await watched(() => replica().connect());
  } catch (error) {
    throw toAnnexError(error);
  }
  let broken: Error | undefined;
  try {
    return await watched(async () => {
      await client.query('BEGIN READ ONLY');
      await client.query(assume, [tenantId, String(statementTimeoutMs)]);
      return work(client);
    });
  } catch (error) {
    throw toAnnexError(error);
  } finally {
    await client.query('ROLLBACK').catch((failed: unknown) => {
      broken = failed instanceof Error ? failed : new Error(String(failed));
    });
    client.release(broken);
  }
}

function open(url: string): pg.Pool {
  return openPool({
    connectionString: url,
    max: connections,
    application_name: 'annex-replica',
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
  });
}
