import type { Tenant } from './tenant';

/** The control plane's list of tenants. */
export interface TenantDirectory {
  get(tenantId: string): Promise<Tenant | null>;
  /** By name, keyset: `after` is the `next` of the page before. `total` counts all tenants. */
  list(page: { readonly after?: string | undefined; readonly limit: number }): Promise<TenantPage>;
  /** Sets the account a tenant was given. A tenant that has another one already: `conflict`. */
  recordAccount(tenantId: string, accountId: string): Promise<void>;
  findByAccount(accountId: string): Promise<Tenant | null>;
}

/** The tenant's own line in the control plane's list. */
export interface TenantRecord {
  /** As `TenantDirectory.recordAccount`, of this tenant. */
  recordAccount(accountId: string): Promise<void>;
}

export interface TenantPage {
  readonly tenants: readonly Tenant[];
  readonly total: number;
  readonly next: string | null;
}
