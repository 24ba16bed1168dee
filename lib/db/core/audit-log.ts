import { ulid } from 'ulid';
import type { AuditEvent, AuditLog } from '@/lib/domain/audit/ports';
import { withControl } from './control-scope';
import { withTenant } from './tenant-scope';
import type { Transaction } from './transaction';

/** `tenantId`'s audit log, or that of the control plane for null. Appending a key again changes nothing. */
export function auditLog(tenantId: string | null): AuditLog {
  return {
    append: async (event: AuditEvent) => {
      const insert = (tx: Transaction) => appendAudit(tx, tenantId, event);
      await (tenantId === null ? withControl(insert) : withTenant(tenantId, insert));
    },
  };
}

/** Appends an event in the transaction of what it tells of. Appending a key again changes nothing. */
export async function appendAudit(
  tx: Transaction,
  tenantId: string | null,
  event: AuditEvent,
): Promise<void> {
  await tx.auditEvent.createMany({ data: [auditRow(tenantId, event)], skipDuplicates: true });
}

function auditRow(tenantId: string | null, event: AuditEvent) {
  const id = ulid();
  return {
    id,
    tenantId,
    actorId: event.actorId,
    actorName: event.actorName,
    action: event.action,
    subject: event.subject,
    roles: [...(event.roles ?? [])],
    result: event.result ?? 'done',
    detail: { ...event.detail },
    ...(event.before && { before: { ...event.before } }),
    ...(event.after && { after: { ...event.after } }),
    requestId: event.requestId,
    // Without a key, the event's own id, so that it never counts as a duplicate.
    idempotencyKey: event.idempotencyKey ?? id,
  };
}
