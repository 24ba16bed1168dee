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

/** The row of an event, for whoever writes it in a transaction of their own; insert it skipping duplicates. */
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
    // Its own id: an event without a key never meets another.
    idempotencyKey: event.idempotencyKey ?? id,
  };
}
