import pg from 'pg';
import { AnnexError } from '@/lib/errors';
import { type FairQueue, fairQueue } from '@/lib/fair-queue';
import { outages } from '@/lib/log';
import { oneInProcess } from '@/lib/one-in-process';
import { brieflyAside } from '@/lib/turn';
import type { Prisma } from '../generated/client';
import { database, defaultStatementTimeoutMs, pageConnections, streamConnections } from './client';
import { isUnavailable, toAnnexError } from './errors';
import { connectTimeoutMs, holdBack, statements } from './pool';

/** A transaction with one of the group roles. Only `withTenant` and `withControl` create one. */
export type Transaction = Prisma.TransactionClient;

/**
 * Runs a query in a transaction that has begun, and returns its rows: `bigint` as bigint, `timestamptz` as Date, as Prisma does, but
 * `numeric` as text.
 */
export type RunQuery = <R>(query: Prisma.Sql) => Promise<readonly R[]>;

export interface TransactionOptions {
  /** Limit for each statement, and for the whole transaction, ms. */
  readonly timeoutMs?: number;
}

/** The role of a transaction, and whose rows it reaches. */
export interface Scope {
  readonly role: 'annex_tenant' | 'annex_seller' | 'annex_control';
  /** Empty outside tenants. */
  readonly tenantId: string;
  /** Absent outside sellers. */
  readonly sellerId?: string;
}

const rowTypes: pg.CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === pg.types.builtins.INT8 ? BigInt : pg.types.getTypeParser(id, format),
};

/** Begins a transaction, and sets role, tenant and seller until it ends, however it ends: in one round trip. */
function beginOf(
  { role, tenantId, sellerId = '' }: Scope,
  timeoutMs: number,
  start: 'BEGIN' | 'BEGIN READ ONLY' = 'BEGIN',
): string {
  const settings = {
    role,
    'app.tenant_id': tenantId,
    ...(sellerId !== '' && { 'app.seller_id': sellerId }),
    statement_timeout: String(timeoutMs),
  };
  const set = Object.entries(settings).map(
    ([name, value]) => `set_config(${pg.escapeLiteral(name)}, ${pg.escapeLiteral(value)}, true)`,
  );
  return `${start}; SELECT ${set.join(', ')}`;
}

const busy = () =>
  new AnnexError(
    'throttled',
    'Your organisation has too many requests in progress. Nothing was changed. Try again in a moment.',
  );

/**
 * A tenant's share of the connections for pages. All tenants together leave some to the control plane, whose transactions are
 * short and few per request.
 */
const pageTurns = oneInProcess('page-turns', () =>
  fairQueue({
    perKey: 4,
    inAll: pageConnections - 4,
    waiting: 200,
    waitMs: connectTimeoutMs,
    refusal: busy,
  }),
);

/** The same for `COPY`, which takes longer: so may the wait. */
const streamTurns = oneInProcess('stream-turns', () =>
  fairQueue({
    perKey: streamConnections / 2,
    inAll: streamConnections,
    waiting: 50,
    waitMs: 60_000,
    refusal: busy,
  }),
);

/** Takes a place of the tenant or seller of `scope`; the control plane has none. Returns a function that frees it. */
const turnOf = ({ tenantId, sellerId }: Scope, turns: FairQueue): Promise<() => void> => {
  const owner = sellerId === undefined ? tenantId : `seller/${sellerId}`;
  return owner === '' ? Promise.resolve(() => undefined) : turns.enter(owner);
};

/** What `work` on the database comes to, which may begin or end an outage. */
export const watched = <T>(work: () => Promise<T>): Promise<T> =>
  outages.watch('database', isUnavailable, work);

/**
 * Runs `work` as `scope` in a Prisma transaction. Throws as `toAnnexError` maps, and `throttled` when the tenant has too much
 * in progress. `work` must not begin another transaction, which could wait for this one.
 */
export async function inScope<T>(
  scope: Scope,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const timeout = options.timeoutMs ?? defaultStatementTimeoutMs;
  const leave = await turnOf(scope, pageTurns);
  try {
    return await watched(() =>
      statements.run({ limitMs: timeout, begin: beginOf(scope, timeout) }, () =>
        database().prisma.$transaction(work, { maxWait: connectTimeoutMs, timeout }),
      ),
    );
  } catch (error) {
    throw toAnnexError(error);
  } finally {
    leave();
  }
}

/**
 * Runs `work`, which only reads, as `scope`: in one transaction, without Prisma's client, which costs the thread more than most queries.
 * What `work` asks for at once travels at once, the first together with the beginning of the transaction: were that refused, the
 * queries behind it would reach no table. Meanwhile the request steps aside where no other tenant is there. It frees its connection
 * before it waits for its place again, so that it stops nobody. Throws as `inScope`.
 */
export const readInScope = <T>(
  scope: Scope,
  work: (query: RunQuery) => Promise<T>,
  { timeoutMs = defaultStatementTimeoutMs }: TransactionOptions = {},
): Promise<T> => brieflyAside(() => read(scope, work, timeoutMs));

async function read<T>(scope: Scope, work: (query: RunQuery) => Promise<T>, timeoutMs: number): Promise<T> {
  const leave = await turnOf(scope, pageTurns);
  const client = await connect('pages').catch((error: unknown) => {
    leave();
    throw error;
  });
  let open = true;
  const query: RunQuery = async <R>({ text, values }: Prisma.Sql) => {
    // The connection may be somebody else's by now.
    if (!open) throw new Error('the transaction of this query has ended');
    return (await client.query({ text, values, types: rowTypes })).rows as R[];
  };
  try {
    return await watched(() =>
      statements.run({ limitMs: timeoutMs }, async () => {
        holdBack(client);
        const begun = client.query(beginOf(scope, timeoutMs, 'BEGIN READ ONLY'));
        const [, result] = await Promise.all([begun, work(query)]);
        return result;
      }),
    );
  } catch (error) {
    throw toAnnexError(error);
  } finally {
    open = false;
    // Nobody waits for it: nothing was written. The connection goes back after it.
    client
      .query('COMMIT')
      .then(
        () => client.release(),
        (broken: Error) => client.release(broken),
      )
      .finally(leave);
  }
}

/** Runs `work` as `scope` on a connection of its own, for `COPY`. Throws as `inScope`. */
export async function inScopeOnConnection<T>(
  scope: Scope,
  work: (client: pg.PoolClient) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const leave = await turnOf(scope, streamTurns);
  try {
    return await onConnection(scope, work, options);
  } finally {
    leave();
  }
}

async function onConnection<T>(
  scope: Scope,
  work: (client: pg.PoolClient) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const client = await connectStream();
  let broken: Error | undefined;
  try {
    return await watched(async () => {
      await begin(client, scope, options);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    });
  } catch (error) {
    await client.query('ROLLBACK').catch((failed: unknown) => {
      broken = failed instanceof Error ? failed : new Error(String(failed));
    });
    throw toAnnexError(error);
  } finally {
    client.release(broken);
  }
}

/** Begins a transaction of `scope` on `client`. */
export async function begin(client: pg.PoolClient, scope: Scope, options: TransactionOptions): Promise<void> {
  await client.query(beginOf(scope, options.timeoutMs ?? defaultStatementTimeoutMs));
}

/** A connection for `COPY` and long reads. The caller releases it. Throws as `toAnnexError` maps. */
export const connectStream = (): Promise<pg.PoolClient> => connect('streams');

async function connect(pool: 'pages' | 'streams'): Promise<pg.PoolClient> {
  try {
    return await watched(() => database()[pool].connect());
  } catch (error) {
    throw toAnnexError(error);
  }
}
