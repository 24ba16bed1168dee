import type { AuditEvent } from '../audit/ports';
import type { DatasetName, Mask } from '../extracts/ports';
import type { Tenant } from '../tenants/tenant';

/** Mask by column name. A column that is not named is not decided, and does not leave the CRM. */
export type ColumnMasks = Readonly<Record<string, Mask>>;

/** Which policy: the standard of a dataset or, with a tenant, the override for that tenant. */
export interface PolicyScope {
  readonly dataset: DatasetName;
  readonly tenantId: string | null;
}

/** What a policy lets out. */
export interface PolicyContent {
  readonly columns: ColumnMasks;
  /** An extract with more rows is refused. Null: no limit. */
  readonly rowLimit: number | null;
}

/** A version of a policy as an administrator wrote it; it never changes. */
export interface PolicyVersion extends PolicyScope {
  /** Unique in the dataset, over the standard and all overrides. */
  readonly version: number;
  /** Null: with this version the override ends, and the tenant follows the standard again. */
  readonly content: PolicyContent | null;
  readonly effectiveAt: Date;
  /** Whether `effectiveAt` has passed, by the clock that decides it for extracts. */
  readonly begun: boolean;
  readonly note: string | null;
  readonly createdAt: Date;
  /** The author's name. */
  readonly createdBy: string;
}

/** A version to be written. */
export interface NewPolicyVersion extends PolicyScope {
  readonly content: PolicyContent | null;
  /** Null: at once. */
  readonly effectiveAt: Date | null;
  readonly note: string | null;
  readonly author: { readonly id: string; readonly name: string };
  /** The newest version of the scope that the author has seen; 0 if there was none. */
  readonly base: number;
}

export interface PolicySummary {
  readonly dataset: DatasetName;
  /** The standard in force. */
  readonly standard: PolicyVersion | null;
  /** How many tenants have an override in force. */
  readonly overrides: number;
  /** How many versions will come into force, as things stand. */
  readonly scheduled: number;
}

export interface OverriddenTenants {
  /** By name. */
  readonly tenants: readonly Pick<Tenant, 'id' | 'name'>[];
  readonly total: number;
}

/** The versions of all extract policies, in the control plane. */
export interface PolicyBook {
  summaries(): Promise<readonly PolicySummary[]>;
  /** Versions of the scope, newest first, at most `limit`. */
  versions(scope: PolicyScope, limit: number): Promise<readonly PolicyVersion[]>;
  /** What is in force: for a tenant, its override or else the standard. */
  inForce(scope: PolicyScope): Promise<PolicyVersion | null>;
  /** Tenants with an override of the dataset that is in force or to come; at most `limit` of them. */
  overridden(dataset: DatasetName, limit: number): Promise<OverriddenTenants>;
  /**
   * Writes the next version of the dataset, and in the same transaction the event that `audit` gives for it. Returns its number. Throws
   * `conflict` if the scope has a newer version than `base`.
   */
  append(version: NewPolicyVersion, audit: (version: number) => AuditEvent): Promise<number>;
}

/** A SELECT over generated rows, which replace `{rows}` in it as one JSON text. Each column that it gives is text. */
export interface SampleQuery {
  readonly statement: string;
  readonly rows: string;
}

/** Runs queries over generated rows where no tenant's rows can be reached. In UTC. */
export interface SampleReader {
  read(query: SampleQuery): Promise<readonly Readonly<Record<string, string | null>>[]>;
}
