import type { Person } from '../actor';
import type { AuditEvent } from '../audit/ports';
import type { SortDirection } from '../sort-direction';
import type { Tenant, TenantState } from './tenant';

/** What the list of tenants is sorted by: the name, or since when there is the tenant. */
export const tenantSorts = ['name', 'since'] as const;
export type TenantSort = (typeof tenantSorts)[number];

/** What of the list of tenants is asked for. */
export interface TenantQuery {
  /** Begins the name or the id, in any case of letters. */
  readonly search?: string | undefined;
  readonly state?: TenantState | undefined;
  readonly health?: TenantHealth | undefined;
  /** Id of a plan. */
  readonly plan?: string | undefined;
  readonly sort: TenantSort;
  readonly direction: SortDirection;
  /** The `next` or `previous` of another page of the same list. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** The control plane's list of tenants. */
export interface TenantDirectory {
  get(tenantId: string): Promise<Tenant | null>;
  /** Throws `invalid` for a cursor of another list. */
  list(query: TenantQuery): Promise<TenantPage>;
  /** How many tenants there are. */
  counts(): Promise<TenantCounts>;
  /** The tenants that were added last, at most `limit`, without those that only asked to be. */
  newest(limit: number): Promise<readonly Tenant[]>;
  /** Those that wait for an administrator, at most `limit`, the longest waiting first. */
  requested(limit: number): Promise<readonly Tenant[]>;
  /** Those of the tenants with these ids that exist, in no order. */
  some(tenantIds: readonly string[]): Promise<readonly Tenant[]>;
  /** Records a tenant's account. Throws `conflict` when the tenant has another one. */
  recordAccount(tenantId: string, accountId: string): Promise<void>;
  findByAccount(accountId: string): Promise<Tenant | null>;
  /** Moves a tenant from the state `from` to `to`, with the audit event. Throws `conflict` if it is in another state, `not_found`. */
  move(
    tenantId: string,
    change: { readonly from: TenantState; readonly to: TenantState },
    event: AuditEvent,
  ): Promise<void>;
}

/** The tenant's own record in the control plane. */
export interface TenantRecord {
  /** As `TenantDirectory.recordAccount`, for this tenant. */
  recordAccount(accountId: string): Promise<void>;
  /** Closes the tenant, which has no account. Throws `conflict` if it has one. */
  closeUnused(): Promise<void>;
}

export interface TenantCounts {
  readonly total: number;
  readonly active: number;
  readonly suspended: number;
  /** Tenants with an AWS account of their own. */
  readonly withAccount: number;
}

/** What the doctor found when it last looked; `unseen`: it never did. */
export const tenantHealths = ['ok', 'failing', 'unseen'] as const;
export type TenantHealth = (typeof tenantHealths)[number];

/** A tenant of the list, with the plan that it has and what the doctor last found. */
export interface ListedTenant extends Tenant {
  readonly plan: { readonly id: string; readonly name: string };
  /** `failing`: the first link that failed; null: none did. Null where the doctor never looked. */
  readonly health: { readonly failing: string | null; readonly at: Date } | null;
}

export interface TenantPage {
  readonly tenants: readonly ListedTenant[];
  /** Rank of the first, from 1, among the `total` that are asked for. */
  readonly first: number;
  readonly total: number;
  readonly next: string | null;
  readonly previous: string | null;
}

/** The people who have signed in at least once. */
export interface PeopleDirectory {
  /**
   * Disables everybody with this e-mail address, in any case of letters, since now, or enables them. Being disabled ends
   * their sessions; being enabled does not bring those back. Returns them.
   */
  setDisabled(email: string, disabled: boolean): Promise<readonly Person[]>;
}
