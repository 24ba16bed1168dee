import { ulid } from 'ulid';
import type { AuditEvent, AuditLog } from '@/lib/domain/audit/ports';
import { withTenant } from './tenant-scope';

/** `tenantId`'s audit log. Appending a key again changes nothing. */
export function auditLog(tenantId: string): AuditLog {
  return {
    append: async (event: AuditEvent) => {
      await withTenant(tenantId, (tx) =>
        tx.auditEvent.createMany({ data: [auditRow(tenantId, event)], skipDuplicates: true }),
      );
    },
  };
}

/** The row of an event, for code that inserts it in its own transaction. Insert it with `skipDuplicates`. */
export function auditRow(tenantId: string, event: AuditEvent) {
  const id = ulid();
  return {
    id,
    tenantId,
    actorId: event.actorId,
    actorName: event.actorName,
    action: event.action,
    subject: event.subject,
    detail: { ...event.detail },
    requestId: event.requestId,
    // Without a key, the event's own id, so that it never counts as a duplicate.
    idempotencyKey: event.idempotencyKey ?? id,
  };
}
