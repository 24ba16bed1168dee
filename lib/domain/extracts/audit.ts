import type { TenantContext } from '../context';
import { isOver } from './lifecycle';
import type { Extract } from './ports';

/** Puts on record, once, that the extract was asked for. No run without it, even when the request was cut off before. */
export function audited(ctx: TenantContext, extract: Extract): Promise<void> {
  return ctx.ports.audit.append({
    action: 'extracts.submit',
    subject: subjectOf(extract),
    actorId: ctx.actor.id,
    actorName: extract.requestedBy,
    requestId: ctx.requestId,
    detail: {
      dataset: extract.dataset,
      format: extract.format,
      columns: extract.columns
        .map(({ name, mask }) => (mask === 'none' ? name : `${name} (${mask})`))
        .join(', '),
      policy: extract.policyVersion,
    },
    idempotencyKey: `extracts.submit/${extract.requestId}`,
  });
}

/** Puts on record, once, how an attempt ended. */
export async function auditedEnd(ctx: TenantContext, extract: Extract): Promise<void> {
  if (!isOver(extract)) return;
  await ctx.ports.audit.append({
    action: 'extracts.advance',
    subject: subjectOf(extract),
    actorId: ctx.actor.id,
    actorName: ctx.actor.name,
    requestId: ctx.requestId,
    detail: {
      state: extract.state,
      attempt: extract.attempt,
      policy: extract.policyVersion,
      rows: extract.file?.rows ?? null,
      bytes: extract.file?.bytes ?? null,
      reason: extract.reason,
    },
    idempotencyKey: `extracts.advance/${extract.requestId}/${extract.attempt}/${extract.state}`,
  });
}

/** Puts on record what a person did to an extract; with `key`, once. */
export function auditedPress(
  ctx: TenantContext,
  action: 'extracts.cancel' | 'extracts.retry' | 'extracts.download',
  extract: Extract,
  key?: string,
): Promise<void> {
  return ctx.ports.audit.append({
    action,
    subject: subjectOf(extract),
    actorId: ctx.actor.id,
    actorName: ctx.actor.name,
    requestId: ctx.requestId,
    detail: { dataset: extract.dataset, attempt: extract.attempt },
    ...(key === undefined ? {} : { idempotencyKey: `${action}/${extract.requestId}/${key}` }),
  });
}

function subjectOf({ requestId }: Extract): string {
  return `extract/${requestId}`;
}
