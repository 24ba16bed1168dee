import type pg from 'pg';
import { database, defaultStatementTimeoutMs } from './client';
import { toAnnexError } from './errors';
import type { Prisma } from './generated/client';

/** A transaction that acts as one of the group roles. Only `withTenant` and `withControl` give one. */
export type Transaction = Prisma.TransactionClient;

export interface TransactionOptions {
  /** Longest a statement, and the transaction, may take. */
  readonly timeoutMs?: number;
}

/** Who a transaction acts as. */
export interface Scope {
  readonly role: 'annex_tenant' | 'annex_control';
  /** Empty for the control plane. */
  readonly tenantId: string;
}

const waitForConnectionMs = 5_000;

/** One statement: role and tenant hold until the transaction ends, whichever way it ends. */
const assume = `SELECT set_config('role', $1, true), set_config('app.tenant_id', $2, true), set_config('statement_timeout', $3, true)`;

/** Runs `work` as `scope` in a transaction of Prisma's. Throws as `toAnnexError` maps. */
export async function inScope<T>(
  scope: Scope,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const timeout = options.timeoutMs ?? defaultStatementTimeoutMs;
  try {
    return await database().prisma.$transaction(
      async (tx) => {
        await tx.$queryRawUnsafe(assume, scope.role, scope.tenantId, String(timeout));
        return work(tx);
      },
      { maxWait: waitForConnectionMs, timeout },
    );
  } catch (error) {
    throw toAnnexError(error);
  }
}

/** Runs `work` as `scope` on a connection of its own, for `COPY`. Throws as `toAnnexError` maps. */
export async function inScopeOnConnection<T>(
  scope: Scope,
  work: (client: pg.PoolClient) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const client = await connectStream();
  let broken: Error | undefined;
  try {
    await begin(client, scope, options);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failed: unknown) => {
      broken = failed instanceof Error ? failed : new Error(String(failed));
    });
    throw toAnnexError(error);
  } finally {
    client.release(broken);
  }
}

/**
 * Reads what `query` finds as `scope`, `rowsAtOnce` at a time. The database sets the result aside first, on its disk where
 * it is large: one moment's rows, and no lock is held while a slow reader takes them.
 */
export async function* rowsInScope<R extends pg.QueryResultRow>(
  scope: Scope,
  query: Prisma.Sql,
  rowsAtOnce: number,
  options: TransactionOptions = {},
): AsyncGenerator<readonly R[]> {
  const client = await connectStream();
  let finished = false;
  try {
    await begin(client, scope, options);
    await client.query(`DECLARE annex_rows NO SCROLL CURSOR WITH HOLD FOR ${query.text}`, query.values);
    await client.query('COMMIT');
    for (;;) {
      const { rows } = await client.query<R>(`FETCH ${rowsAtOnce} FROM annex_rows`);
      if (rows.length > 0) yield rows;
      if (rows.length < rowsAtOnce) break;
    }
    await client.query('CLOSE annex_rows');
    finished = true;
  } catch (error) {
    throw toAnnexError(error);
  } finally {
    // A connection that is dropped takes the rows that were set aside with it.
    client.release(!finished);
  }
}

async function begin(client: pg.PoolClient, scope: Scope, options: TransactionOptions): Promise<void> {
  await client.query('BEGIN');
  await client.query(assume, [
    scope.role,
    scope.tenantId,
    String(options.timeoutMs ?? defaultStatementTimeoutMs),
  ]);
}

async function connectStream(): Promise<pg.PoolClient> {
  try {
    return await database().streams.connect();
  } catch (error) {
    throw toAnnexError(error);
  }
}
