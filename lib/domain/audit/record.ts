import type { Actor, Person } from '../actor';
import type { TenantContext } from '../context';
import type { Audited } from './actions';
import type { AuditEvent, AuditLog } from './ports';

/** What to record. The actor and the request come from the context. */
export interface Occurrence extends Pick<AuditEvent, 'detail' | 'before' | 'after' | 'result'> {
  readonly action: Audited;
  /** What it was done to, e.g. `workbench/01J…`. */
  readonly subject: string;
  /** Recording the same action with the same key again has no effect. */
  readonly key?: string | number;
  /** Who did it, if not the actor: another actor may record an interrupted job later. Without roles, those of the actor if it is they. */
  readonly by?: Person & Partial<Pick<Actor, 'roles'>>;
}

/** The audit event of an occurrence, for a port that stores it in its own transaction. */
export function auditEvent(
  { actor, requestId }: Pick<TenantContext, 'actor' | 'requestId'>,
  { key, by = actor, ...occurrence }: Occurrence,
): AuditEvent {
  return {
    ...occurrence,
    actorId: by.id,
    actorName: by.name,
    roles: by.roles ?? (by.id === actor.id ? actor.roles : []),
    requestId,
    ...(key === undefined ? {} : { idempotencyKey: `${occurrence.action}/${key}` }),
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
