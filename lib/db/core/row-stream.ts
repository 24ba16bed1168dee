import type pg from 'pg';
import { AnnexError } from '@/lib/errors';
import type { Prisma } from '../generated/client';
import { toAnnexError } from './errors';
import { begin, connectStream, type Scope, type TransactionOptions } from './transaction';

export interface RowStreamOptions extends TransactionOptions {
  /** How long a reader may take over the rows it was given before the reading is ended. */
  readonly idleMs?: number;
  /** How long the whole reading may take before it is ended: however steadily, it holds a connection that others wait for. */
  readonly longestMs?: number;
}

/** Of one tenant, in this process: fewer than there are connections, so that nobody takes them all. */
const mostAtOnce = 2;
const longestIdleMs = 60_000;
const longestReadingMs = 15 * 60_000;
const stoodStill = 'The download stalled for too long and was stopped. Start it again.';
const tookTooLong = 'The download took too long and was stopped. Start it again, or download less at a time.';
const running = new Map<string, number>();

/**
 * Reads what `query` finds as `scope`, `rowsAtOnce` at a time. The database sets the result aside first, on its disk where
 * it is large: one moment's rows, and no lock is held while a slow reader takes them. Throws `throttled` when the tenant reads
 * two already, `dependency_failed` to a reader that comes back after it stood still, or read, for too long.
 */
export async function* rowsInScope<R extends pg.QueryResultRow>(
  scope: Scope,
  query: Prisma.Sql,
  rowsAtOnce: number,
  options: RowStreamOptions = {},
): AsyncGenerator<readonly R[]> {
  const leave = enter(scope.tenantId);
  try {
    yield* rowsOf<R>(await connectStream(), leave, scope, query, rowsAtOnce, options);
  } finally {
    leave();
  }
}

async function* rowsOf<R extends pg.QueryResultRow>(
  client: pg.PoolClient,
  leave: () => void,
  scope: Scope,
  query: Prisma.Sql,
  rowsAtOnce: number,
  { idleMs = longestIdleMs, longestMs = longestReadingMs, ...options }: RowStreamOptions,
): AsyncGenerator<readonly R[]> {
  let released = false;
  let ended: AnnexError | null = null;
  // A connection that is dropped takes the rows that were set aside with it.
  const release = (drop: boolean) => {
    if (!released) client.release(drop);
    released = true;
  };
  const endAfter = (ms: number, why: string) =>
    setTimeout(() => {
      ended = new AnnexError('dependency_failed', why);
      release(true);
      leave();
    }, ms).unref();
  const whole = endAfter(longestMs, tookTooLong);
  let finished = false;
  let idle: NodeJS.Timeout | undefined;
  try {
    await begin(client, scope, options);
    await client.query(`DECLARE annex_rows NO SCROLL CURSOR WITH HOLD FOR ${query.text}`, query.values);
    await client.query('COMMIT');
    for (;;) {
      const { rows } = await client.query<R>(`FETCH ${rowsAtOnce} FROM annex_rows`);
      if (rows.length > 0) {
        idle = endAfter(idleMs, stoodStill);
        yield rows;
        clearTimeout(idle);
        if (ended) throw ended;
      }
      if (rows.length < rowsAtOnce) break;
    }
    await client.query('CLOSE annex_rows');
    finished = true;
  } catch (error) {
    throw ended ?? toAnnexError(error);
  } finally {
    clearTimeout(whole);
    clearTimeout(idle);
    release(!finished);
  }
}

/** Takes a place of the tenant's; what it returns gives it back, once. Throws `throttled`. */
function enter(tenantId: string): () => void {
  const before = running.get(tenantId) ?? 0;
  if (before >= mostAtOnce) {
    throw new AnnexError(
      'throttled',
      `Your organisation already has ${mostAtOnce} downloads in progress. Wait for one to finish, then start this one again.`,
    );
  }
  running.set(tenantId, before + 1);
  let left = false;
  return () => {
    if (left) return;
    left = true;
    const now = (running.get(tenantId) ?? 1) - 1;
    if (now > 0) running.set(tenantId, now);
    else running.delete(tenantId);
  };
}
