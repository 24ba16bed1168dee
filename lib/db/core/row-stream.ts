import type pg from 'pg';
import { AnnexError } from '@/lib/errors';
import { fairQueue } from '@/lib/fair-queue';
import { oneInProcess } from '@/lib/one-in-process';
import type { Prisma } from '../generated/client';
import { toAnnexError } from './errors';
import { begin, connectStream, type Scope, type TransactionOptions, watched } from './transaction';

export interface RowStreamOptions extends TransactionOptions {
  /** How long a reader may hold a batch of rows before the read is ended, ms. */
  readonly idleMs?: number;
  /** How long the whole read may take, ms. Even a steady reader holds a connection that others wait for. */
  readonly longestMs?: number;
}

/** Concurrent reads per tenant and process. Fewer than there are connections, so that no tenant takes them all. */
const mostAtOnce = 2;
const longestIdleMs = 60_000;
const longestReadingMs = 15 * 60_000;
const stoodStill = 'The download stalled for too long and was stopped. Start it again.';
const tookTooLong = 'The download took too long and was stopped. Start it again, or download less at a time.';

/** Nobody waits: who started two downloads knows of them. */
const downloads = oneInProcess('downloads', () =>
  fairQueue({
    perKey: mostAtOnce,
    inAll: Number.POSITIVE_INFINITY,
    waiting: 0,
    waitMs: 0,
    refusal: () =>
      new AnnexError(
        'throttled',
        `Your organisation already has ${mostAtOnce} downloads in progress. Wait for one to finish, then start this one again.`,
      ),
  }),
);

/**
 * Reads the rows of `query` as `scope`, `rowsAtOnce` rows at a time. The database first stores the whole result, on
 * disk if it is large. So all rows are from the same moment, and a slow reader holds no locks. Throws `throttled` when
 * the tenant already has two reads in progress, and `dependency_failed` when a reader paused, or read, for too long.
 */
export async function* rowsInScope<R extends pg.QueryResultRow>(
  scope: Scope,
  query: Prisma.Sql,
  rowsAtOnce: number,
  options: RowStreamOptions = {},
): AsyncGenerator<readonly R[]> {
  const leave = await downloads.enter(scope.tenantId);
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
  // Dropping the connection also drops the stored result.
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
    await watched(async () => {
      await begin(client, scope, options);
      await client.query(`DECLARE annex_rows NO SCROLL CURSOR WITH HOLD FOR ${query.text}`, query.values);
      await client.query('COMMIT');
    });
    for (;;) {
      const { rows } = await watched(() => client.query<R>(`FETCH ${rowsAtOnce} FROM annex_rows`));
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
