import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:net';
import pg from 'pg';
import { log } from '@/lib/log';
import { oneInProcess } from '@/lib/one-in-process';

/** Settings of a pool. `application_name` identifies its connections in the database. */
interface PoolOptions extends pg.PoolConfig {
  readonly connectionString: string;
  readonly application_name: string;
  readonly max: number;
  /** Refuses read-only servers: after a failover, the primary's old address may lead to one. */
  readonly writable?: boolean;
  /** Longest that a statement may take, ms. A server that is silent for `marginMs` longer is considered gone. */
  readonly statement_timeout?: number;
  readonly marginMs?: number;
}

/** Longest wait for a connection, ms. */
export const connectTimeoutMs = 10_000;

/** What a pool knows about the statements of this context. */
interface StatementContext {
  /** Limit for each of them, ms. Without it, the pool's `statement_timeout` applies. */
  readonly limitMs: number;
  /** What is sent for `BEGIN`, so that a transaction begins in its scope without another round trip. */
  readonly begin?: string;
}

// The pool and its users may be in different chunks, which have copies of this module.
export const statements = oneInProcess('statements', () => new AsyncLocalStorage<StatementContext>());

/**
 * A pool that survives broken connections. A connection may break at any time, idle or between two statements, and its
 * next user gets the error. If its host vanishes, it breaks within its statement's limit, or within 20 s while idle,
 * instead of after TCP's quarter of an hour.
 */
export function openPool({ writable = false, marginMs = 10_000, ...options }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // So that busy connections also move to the new server when the address changes.
    maxLifetimeSeconds: 300,
    ...(writable ? { verify: refuseReadOnly } : {}),
    ...options,
  });
  // An `error` event without a listener would end the process. The pool only listens to idle connections, so we listen to all.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.once('error', (error) => {
      if (pool.ending) return;
      // No warning: an outage loses all connections, and is reported once work fails.
      log.debug({ pool: options.application_name, reason: error.message }, 'database connection lost');
    });
    client.on('error', () => undefined);
    atBegin(client);
    if (options.statement_timeout) watch(client, options.statement_timeout, marginMs);
  });
  return pool;
}

type Query = (...given: unknown[]) => unknown;

/** Sends the context's own statement where Prisma begins a transaction. */
function atBegin(client: pg.PoolClient): void {
  const query = client.query.bind(client) as Query;
  client.query = ((...given: unknown[]) => {
    const [first, ...rest] = given;
    const begin = statements.getStore()?.begin;
    const begins = typeof first === 'object' && first !== null && 'text' in first && first.text === 'BEGIN';
    return begins && begin ? query({ ...first, text: begin }, ...rest) : query(...given);
  }) as typeof client.query;
}

/** Sends the statements that are now given to `client` at once, and not each by itself. */
export function holdBack(client: pg.PoolClient): void {
  const stream = streamOf(client);
  stream.cork();
  process.nextTick(() => stream.uncork());
}

const streamOf = (client: pg.PoolClient): Socket =>
  (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream;

/** Breaks the connection when a statement gets no response within its limit and a margin. */
function watch(client: pg.PoolClient, standardMs: number, marginMs: number): void {
  const stream = streamOf(client);
  const query = client.query.bind(client) as Query;
  client.query = ((...given: unknown[]) => {
    stream.setTimeout((statements.getStore()?.limitMs ?? standardMs) + marginMs);
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
