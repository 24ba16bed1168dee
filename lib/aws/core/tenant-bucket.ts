/** Name of the tenant's bucket, in the tenant's account. */
export function tenantBucket(tenantId: string, accountId: string): string {
  return `annex-${tenantId}-${accountId}`;
}
