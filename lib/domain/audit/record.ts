import type { Person } from '../actor';
import type { Action } from '../authorize';
import type { TenantContext } from '../context';
import type { AuditEvent } from './ports';

/** What is to be put on record. Who did it and for which request is taken from the context. */
export interface Occurrence {
  readonly action: Action;
  /** What it was done to, e.g. `workbench/01J…`. */
  readonly subject: string;
  readonly detail?: AuditEvent['detail'];
  /** Recording the same action with the same key again adds no second event. */
  readonly key?: string | number;
  /** Who did it, where that is not the actor: a job that was cut off is recorded later, by whoever finds that out. */
  readonly by?: Person;
}

/** The event of an occurrence, for a port that stores it in a transaction of its own. */
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

/** Puts an occurrence on record. Throws what the store throws. */
export function record(ctx: TenantContext, occurrence: Occurrence): Promise<void> {
  return ctx.ports.audit.append(auditEvent(ctx, occurrence));
}
