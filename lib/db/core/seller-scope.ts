import {
  inScope,
  type RunQuery,
  readInScope,
  type Transaction,
  type TransactionOptions,
} from './transaction';

/**
 * Runs `work` in a transaction that reads and writes only what belongs to `sellerId`: row-level security under the role `annex_seller`.
 * Throws as `toAnnexError` maps.
 */
export function withSeller<T>(
  sellerId: string,
  work: (tx: Transaction) => Promise<T>,
  options?: TransactionOptions,
): Promise<T> {
  return inScope({ role: 'annex_seller', tenantId: '', sellerId }, work, options);
}

/** Like `withSeller`, for work that only reads. */
export function readSeller<T>(
  sellerId: string,
  work: (query: RunQuery) => Promise<T>,
  options?: TransactionOptions,
): Promise<T> {
  return readInScope({ role: 'annex_seller', tenantId: '', sellerId }, work, options);
}
