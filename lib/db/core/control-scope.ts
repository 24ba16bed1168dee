import {
  inScope,
  type RunQuery,
  readInScope,
  type Transaction,
  type TransactionOptions,
} from './transaction';

/**
 * Runs `work` in a transaction of the control plane, which sees the tenant directory, users and the audit log, but none
 * of a tenant's rows. Throws as `toAnnexError` maps.
 */
export function withControl<T>(
  work: (tx: Transaction) => Promise<T>,
  options?: TransactionOptions,
): Promise<T> {
  return inScope({ role: 'annex_control', tenantId: '' }, work, options);
}

/** Like `withControl`, for work that only reads. */
export function readControl<T>(
  work: (query: RunQuery) => Promise<T>,
  options?: TransactionOptions,
): Promise<T> {
  return readInScope({ role: 'annex_control', tenantId: '' }, work, options);
}
