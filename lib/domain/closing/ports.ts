import type { Person } from '../actor';
import type { AuditEvent } from '../audit/ports';
import type { Step } from '../stepwise';
import type { TenantState } from '../tenants/tenant';

/** What closing does for a tenant, in its order. */
export const closingSteps = [
  'notice',
  'pause',
  'grace',
  'count',
  'people',
  'endpoints',
  'studio',
  'bucket',
  'baseline',
  'rows',
  'account',
] as const;
export type ClosingStepName = (typeof closingSteps)[number];

export const closingStates = ['running', 'failed', 'done', 'cancelled'] as const;

/** What there was before anything was deleted. */
export interface ClosingCounts {
  readonly people: number;
  readonly customers: number;
  readonly orders: number;
  readonly tickets: number;
  readonly models: number;
  readonly requests: number;
  /** These five are null where AWS refused to tell. */
  readonly endpoints: number | null;
  readonly apps: number | null;
  readonly profiles: number | null;
  /** Objects in the bucket, with their versions, and their bytes. */
  readonly objects: number | null;
  readonly bytes: number | null;
}

/** Something that AWS did not delete. */
export interface Refused {
  readonly what: string;
  /** In the words of AWS. */
  readonly reason: string;
  /** An endpoint, or an app with its owner (`ada/default`), which cost by the hour; null for anything else. */
  readonly runs: { readonly kind: 'endpoint' | 'app'; readonly name: string } | null;
}

/** Something that could not be deleted by itself. */
export interface LeftOver extends Pick<Refused, 'what' | 'reason'> {
  /** What it costs until the account is closed, at the price list; null where nobody knows. */
  readonly usdPerHour: number | null;
}

/** How a tenant is, or was, closed. */
export interface Closing {
  readonly tenantId: string;
  readonly reason: string;
  readonly state: (typeof closingStates)[number];
  readonly steps: readonly Step<ClosingStepName>[];
  /** Nothing is deleted before. */
  readonly deleteAfter: Date;
  /** Null until they are known. */
  readonly counts: ClosingCounts | null;
  readonly left: readonly LeftOver[];
  /** Null until the tenant is closed. */
  readonly certificate: Certificate | null;
  readonly attempt: number;
  readonly askedBy: Person;
  readonly askedAt: Date;
  readonly updatedAt: Date;
  readonly revision: number;
}

/** What was deleted when, and a hash by which a copy can be compared with the audit. */
export interface Certificate {
  /** JSON with sorted keys and no spaces. */
  readonly text: string;
  /** SHA-256 of the text in UTF-8, hexadecimal. */
  readonly sha256: string;
}

/** How tenants are closed here. */
export interface ClosingTerms {
  /** Days for which the data of a tenant is kept after somebody closed it. */
  readonly graceDays: number;
  /** Origin of the portal. */
  readonly portal: string;
}

/** The closing of the tenant, for the worker. */
export interface ClosingRecord {
  load(): Promise<Closing | null>;
  /**
   * Replaces it if its stored revision is still `closing.revision`, and appends the event, all or nothing. Throws `conflict` when another
   * write came first.
   */
  update(closing: Closing, event: AuditEvent | null): Promise<Closing>;
  /** As `update`, and closes the tenant. */
  end(closing: Closing, event: AuditEvent): Promise<Closing>;
}

/** The closings of all tenants. */
export interface Closings {
  get(tenantId: string): Promise<Closing | null>;
  /** Moves a tenant to `closing`. Throws `not_found`; `conflict` if it is in none of the states `from`. */
  begin(closing: Closing, from: readonly TenantState[], event: AuditEvent): Promise<void>;
  /** As `ClosingRecord.update`; stores when data may be deleted, too, and moves the tenant to `to`, if given. */
  update(closing: Closing, event: AuditEvent, to?: TenantState): Promise<Closing>;
  /** Those that something is to be done for at `now`, longest unchanged first. */
  open(page: { readonly now: Date; readonly after?: string | undefined; readonly limit: number }): Promise<{
    readonly closings: readonly { readonly tenantId: string; readonly updatedAt: Date }[];
    readonly next: string | null;
  }>;
}

/** An order or a ticket as it is exported: values by column. */
export type ExportedRow = Readonly<Record<string, string | number | Date | null>>;

/** The rows of the tenant in the database. */
export interface TenantRows {
  /** Every order or ticket, by customer, streamed in bounded memory. Orders have the columns that an import reads. */
  every(what: 'orders' | 'tickets'): AsyncIterable<ExportedRow>;
  count(): Promise<Pick<ClosingCounts, 'people' | 'customers' | 'orders' | 'tickets' | 'models'>>;
  /**
   * Deletes some of them; returns whether there are more. The database refuses it (`dependency_denied`) while the tenant is not being closed, or
   * its data is still kept.
   */
  purge(): Promise<boolean>;
}

/** What one pass of deletions left. */
export interface Pass {
  /** Still there, and not refused: on their way, or for the next pass. */
  readonly waiting: number;
  readonly refused: readonly Refused[];
}

/** What the tenant has in AWS. Each deletion may be repeated, and does a limited amount of work at a time. */
export interface TenantEstate {
  count(
    accountId: string,
  ): Promise<Pick<ClosingCounts, 'endpoints' | 'apps' | 'profiles' | 'objects' | 'bytes'>>;
  deleteEndpoints(accountId: string): Promise<Pass>;
  /** Apps first, then spaces and profiles: a profile with apps can’t be deleted. */
  emptyStudio(accountId: string): Promise<Pass>;
  emptyBucket(accountId: string): Promise<Pass>;
  /** Deletes the stack instance with domain, bucket and role. `operationId` names the attempt. */
  deleteBaseline(
    accountId: string,
    operationId: string,
  ): Promise<{ readonly state: 'running' | 'gone' } | { readonly state: 'failed'; readonly reason: string }>;
  /** Removes the account from Service Catalog and closes it. Null: removes what failed to become one. */
  closeAccount(accountId: string | null): Promise<{ readonly state: 'running' | 'closed' }>;
  /** Records of requests in the pooled stores. */
  countRequests(): Promise<number>;
  deleteRequests(): Promise<void>;
}
