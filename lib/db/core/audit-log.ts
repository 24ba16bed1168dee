import type pg from 'pg';
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

/** Like `appendAudit`, on a plain connection. */
export async function appendAuditOn(
  client: pg.PoolClient,
  tenantId: string,
  event: AuditEvent,
): Promise<void> {
  const row = auditRow(tenantId, event);
  await client.query(
    `INSERT INTO audit_event (id, tenant_id, actor_id, actor_name, roles, action, subject, result, detail, "before", "after",
       request_id, idempotency_key)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING`,
    [
      row.id,
      row.tenantId,
      row.actorId,
      row.actorName,
      row.roles,
      row.action,
      row.subject,
      row.result,
      row.detail,
      row.before,
      row.after,
      row.requestId,
      row.idempotencyKey,
    ],
  );
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
