import pg from 'pg';
import { log } from '@/lib/log';

/** Settings of a pool whose connections are told apart in the database by `application_name`. */
export interface PoolOptions extends pg.PoolConfig {
  readonly connectionString: string;
  readonly application_name: string;
  readonly max: number;
}

/** A pool whose connections may break at any time, idle or between two statements: who uses one next is told so. */
export function openPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({ connectionTimeoutMillis: 5_000, keepAlive: true, ...options });
  // Unheard, the event would end the process. The pool listens to its idle connections alone, hence also to each.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.once('error', (error) => {
      if (pool.ending) return;
      log.warn({ pool: options.application_name, reason: error.message }, 'a database connection broke');
    });
    client.on('error', () => undefined);
  });
  return pool;
}
