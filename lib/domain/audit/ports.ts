import type { Action } from '../authorize';

/** What is audited: what verbs do, and what happens before and around them. */
export type Audited =
  | Action
  | 'session.signed-in'
  | 'session.signed-out'
  | 'session.ended'
  | 'access.refused'
  | 'csv.exported';

/** Something that a person or the system did; kept forever. */
export interface AuditEvent {
  readonly action: Audited;
  /** What it was done to, e.g. `workbench/01J…`. */
  readonly subject: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly requestId: string;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
  /** Appending the same key again has no effect, because jobs are delivered at least once. */
  readonly idempotencyKey?: string;
}

/** Append-only. */
export interface AuditLog {
  append(event: AuditEvent): Promise<void>;
}
