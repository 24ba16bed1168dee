import type pg from 'pg';
import type { Prisma } from '../generated/client';
import { type RowStreamOptions, rowsInScope } from './row-stream';
import {
  inScope,
  inScopeOnConnection,
  type RunQuery,
  readInScope,
  type Transaction,
  type TransactionOptions,
} from './transaction';

/**
 * Runs `work` in a transaction that reads and writes only `tenantId`'s rows: row-level security under the role
 * `annex_tenant`. Throws `conflict`, `dependency_failed` and others, as `toAnnexError` maps.
 */
export function withTenant<T>(
  tenantId: string,
  work: (tx: Transaction) => Promise<T>,
  options?: TransactionOptions,
): Promise<T> {
  return inScope({ role: 'annex_tenant', tenantId }, work, options);
}

/** Like `withTenant`, for work that only reads: on a plain connection, which costs the portal's thread much less. */
export function readTenant<T>(
  tenantId: string,
  work: (query: RunQuery) => Promise<T>,
  options?: TransactionOptions,
): Promise<T> {
  return readInScope({ role: 'annex_tenant', tenantId }, work, options);
}

/** Like `withTenant`, on a plain connection. For `COPY` and work that takes longer than a page's. */
export function withTenantConnection<T>(
  tenantId: string,
  work: (client: pg.PoolClient) => Promise<T>,
  options?: TransactionOptions,
): Promise<T> {
  return inScopeOnConnection({ role: 'annex_tenant', tenantId }, work, options);
}

/**
 * Streams the rows of `query` among `tenantId`'s rows, all from the same moment, `rowsAtOnce` rows at a time, with
 * bounded memory and no locks. Throws as `rowsInScope`.
 */
export function tenantRows<R extends pg.QueryResultRow>(
  tenantId: string,
  query: Prisma.Sql,
  rowsAtOnce: number,
  options?: RowStreamOptions,
): AsyncGenerator<readonly R[]> {
  return rowsInScope<R>({ role: 'annex_tenant', tenantId }, query, rowsAtOnce, options);
}
