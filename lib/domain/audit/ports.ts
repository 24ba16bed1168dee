import type { Role } from '../actor';
import type { Audited } from './actions';

/** `asked`: the work follows, and its end is recorded by itself. */
export const auditResults = ['done', 'asked', 'refused', 'failed'] as const;
export type AuditResult = (typeof auditResults)[number];

/** Plain values by name. Never a secret, and nothing that a person typed and that may name somebody. */
export type AuditValues = Readonly<Record<string, string | number | boolean | null>>;

/** Something that a person or the system did; kept forever. */
export interface AuditEvent {
  readonly action: Audited;
  /** What it was done to, e.g. `workbench/01J…`. */
  readonly subject: string;
  readonly actorId: string;
  readonly actorName: string;
  /** Roles of the actor; empty when unknown. */
  readonly roles?: readonly Role[];
  readonly requestId: string;
  /** Absent: done. */
  readonly result?: AuditResult;
  readonly detail?: AuditValues;
  /** What was changed, as it was and as it is, without secrets. */
  readonly before?: AuditValues;
  readonly after?: AuditValues;
  /** Appending the same key again has no effect, because jobs are delivered at least once. */
  readonly idempotencyKey?: string;
}

/** Append-only. */
export interface AuditLog {
  append(event: AuditEvent): Promise<void>;
}

/** An audit row as it is read. Older rows may have an action or a role that Annex no longer knows. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  /** Null: of the control plane. */
  readonly tenantId: string | null;
  readonly actorName: string;
  readonly roles: readonly string[];
  readonly action: string;
  readonly subject: string;
  readonly result: AuditResult;
  readonly detail: AuditValues;
  readonly before: AuditValues | null;
  readonly after: AuditValues | null;
  readonly requestId: string;
}

export interface AuditQuery {
  /** The name of the actor, as recorded. */
  readonly actor?: string | undefined;
  readonly action?: Audited | undefined;
  readonly result?: AuditResult | undefined;
  readonly from?: Date | undefined;
  /** The first instant that is too late. */
  readonly before?: Date | undefined;
  /** How the subject begins. */
  readonly subject?: string | undefined;
  /** The `next` or `previous` of another page; opaque. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly next: string | null;
  readonly previous: string | null;
}

/** The tenant’s own audit, to read. */
export interface AuditTrail {
  /** Throws `invalid` for a cursor of another list. */
  list(query: AuditQuery): Promise<AuditPage>;
}

/** The audit of every tenant and of the control plane, to read. */
export interface AuditTrails {
  /** `tenantId` limits it to one tenant. Throws `invalid` for a cursor of another list. */
  list(query: AuditQuery & { readonly tenantId?: string | undefined }): Promise<AuditPage>;
}

/**
 * What is wrong with a row of a chain. `missing`: neither the row nor its link is there. `removed`: the link is there, the row is not.
 * `altered`: the row is not as it was linked. `moved`: the link does not follow the one before. `cut off`: the chain ends before its
 * head says so. `added`: the row is in no chain.
 */
export type ChainFault = 'missing' | 'removed' | 'altered' | 'moved' | 'cut off' | 'added';

/** A chain that is whole, with the hash of its last row, or the first row that is not as it was. */
export type ChainVerdict =
  | { readonly chain: string; readonly rows: number; readonly hash: string }
  | {
      readonly chain: string;
      readonly broken: {
        /** Place in the chain, from 1. */
        readonly seq: number;
        /** Null when nothing is left that has it. */
        readonly eventId: string | null;
        readonly fault: ChainFault;
      };
    };

/** The chains that audit rows form, one per tenant and one of the control plane, whose name is empty. */
export interface AuditChains {
  /** In their order. */
  names(): Promise<readonly string[]>;
  /** Reads the whole chain, in bounded memory. */
  verify(chain: string): Promise<ChainVerdict>;
}
