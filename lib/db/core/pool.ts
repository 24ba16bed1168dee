import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:net';
import pg from 'pg';
import { log } from '@/lib/log';

/** Settings of a pool whose connections are told apart in the database by `application_name`. */
interface PoolOptions extends pg.PoolConfig {
  readonly connectionString: string;
  readonly application_name: string;
  readonly max: number;
  /** Refuses servers that are read-only, as a primary's old address leads to after a failover. */
  readonly writable?: boolean;
  /** Longest a statement may take, ms: a server that says nothing for `marginMs` more is taken for gone. */
  readonly statement_timeout?: number;
  readonly marginMs?: number;
}

/** Longest that somebody waits for a connection, ms. */
export const connectTimeoutMs = 10_000;

/** Longest a statement of what runs within may take, ms, where that is not the pool's `statement_timeout`. */
export const statementLimit = new AsyncLocalStorage<number>();

/**
 * A pool whose connections may break at any time, idle or between two statements: who uses one next is told so. One to a host
 * that has vanished breaks within the limit of its statement, or 20 s where none runs, instead of TCP's quarter of an hour.
 */
export function openPool({ writable = false, marginMs = 10_000, ...options }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // Connections follow an address that leads elsewhere, though they are never idle.
    maxLifetimeSeconds: 300,
    ...(writable ? { verify: refuseReadOnly } : {}),
    ...options,
  });
  // Unheard, the event would end the process. The pool listens to its idle connections alone, hence also to each.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.once('error', (error) => {
      if (pool.ending) return;
      log.warn({ pool: options.application_name, reason: error.message }, 'database connection lost');
    });
    client.on('error', () => undefined);
    if (options.statement_timeout) watch(client, options.statement_timeout, marginMs);
  });
  return pool;
}

/** Breaks the connection when a statement is not answered by its limit and a margin. */
function watch(client: pg.PoolClient, standardMs: number, marginMs: number): void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  client.query = ((...given: unknown[]) => {
    stream.setTimeout((statementLimit.getStore() ?? standardMs) + marginMs);
    return query(...given);
  }) as typeof client.query;
  client.on('drain', () => stream.setTimeout(0));
  stream.on('timeout', () => stream.destroy(new Error('Connection terminated: the server did not answer')));
}

function refuseReadOnly(client: pg.PoolClient, done: (error?: Error) => void): void {
  client
    .query<{ transaction_read_only: string }>('SHOW transaction_read_only')
    .then(
      ({ rows }) =>
        done(
          rows[0]?.transaction_read_only === 'off'
            ? undefined
            : new Error('Connection terminated: the server is read-only'),
        ),
      done,
    );
}
