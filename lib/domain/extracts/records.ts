import { record } from '../audit/record';
import type { TenantContext } from '../context';
import { isOver } from './lifecycle';
import type { Extract } from './ports';

/** Records once that the extract was submitted, and by whom, even if another actor finds the audit row missing. */
export function recordSubmission(ctx: TenantContext, extract: Extract): Promise<void> {
  return record(ctx, {
    action: 'extracts.submit',
    subject: subjectOf(extract),
    result: 'asked',
    detail: {
      dataset: extract.dataset,
      format: extract.format,
      columns: extract.columns
        .map(({ name, mask }) => (mask === 'none' ? name : `${name} (${mask})`))
        .join(', '),
      policy: extract.policyVersion,
    },
    key: extract.requestId,
    by: extract.requestedBy,
  });
}

/** Records once how an attempt ended. Does nothing before its end. */
export async function recordEnd(ctx: TenantContext, extract: Extract): Promise<void> {
  if (!isOver(extract)) return;
  await record(ctx, {
    action: 'extracts.advance',
    subject: subjectOf(extract),
    result: extract.state === 'failed' ? 'failed' : 'done',
    detail: {
      state: extract.state,
      attempt: extract.attempt,
      policy: extract.policyVersion,
      rows: extract.file?.rows ?? null,
      bytes: extract.file?.bytes ?? null,
      reason: extract.reason,
    },
    key: `${extract.requestId}/${extract.attempt}/${extract.state}`,
  });
}

/** Records what a person did to an extract; with `key`, once. */
export function recordPress(
  ctx: TenantContext,
  action: 'extracts.cancel' | 'extracts.retry' | 'extracts.download',
  extract: Extract,
  key?: string,
): Promise<void> {
  return record(ctx, {
    action,
    subject: subjectOf(extract),
    result: action === 'extracts.download' ? 'done' : 'asked',
    detail: { dataset: extract.dataset, attempt: extract.attempt },
    ...(key === undefined ? {} : { key: `${extract.requestId}/${key}` }),
  });
}

function subjectOf({ requestId }: Extract): string {
  return `extract/${requestId}`;
}
