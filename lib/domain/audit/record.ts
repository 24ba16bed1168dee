import type { Person } from '../actor';
import type { TenantContext } from '../context';
import type { AuditEvent, Audited, AuditLog } from './ports';

/** What to record. The actor and the request come from the context. */
export interface Occurrence {
  readonly action: Audited;
  /** What it was done to, e.g. `workbench/01J…`. */
  readonly subject: string;
  readonly detail?: AuditEvent['detail'];
  /** Recording the same action with the same key again has no effect. */
  readonly key?: string | number;
  /** Who did it, if not the actor: another actor may record an interrupted job later. */
  readonly by?: Person;
}

/** The audit event of an occurrence, for a port that stores it in its own transaction. */
export function auditEvent(
  { actor, requestId }: Pick<TenantContext, 'actor' | 'requestId'>,
  { action, subject, detail, key, by = actor }: Occurrence,
): AuditEvent {
  return {
    action,
    subject,
    actorId: by.id,
    actorName: by.name,
    requestId,
    ...(detail === undefined ? {} : { detail }),
    ...(key === undefined ? {} : { idempotencyKey: `${action}/${key}` }),
  };
}

/** What recording needs of a context: one inside a tenant, or one across tenants. */
export interface RecordingContext extends Pick<TenantContext, 'actor' | 'requestId'> {
  readonly ports: { readonly audit: AuditLog };
}

/** Appends an occurrence to the audit log. Throws what the store throws. */
export function record(ctx: RecordingContext, occurrence: Occurrence): Promise<void> {
  return ctx.ports.audit.append(auditEvent(ctx, occurrence));
}
