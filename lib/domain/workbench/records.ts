import { system } from '../actor';
import { record } from '../audit/record';
import type { TenantContext } from '../context';
import type { WorkbenchRequest } from './ports';
import { currentStep } from './steps';

/** Records once that the workbench was requested, and by whom, even if another actor finds the audit row missing. */
export function recordRequest(ctx: TenantContext, request: WorkbenchRequest): Promise<void> {
  return record(ctx, {
    action: 'workbench.request',
    subject: subjectOf(request),
    result: 'asked',
    detail: { variant: request.variant.name, ...request.parameters },
    key: request.requestId,
    by: request.requestedBy,
  });
}

/** Records, once per revision, how the stored `request` ended. Call it after the write. */
export function recordEnd(ctx: TenantContext, request: WorkbenchRequest): Promise<void> {
  const step = currentStep(request);
  return record(ctx, {
    action: 'workbench.advance',
    subject: subjectOf(request),
    result: request.state === 'failed' ? 'failed' : 'done',
    detail: {
      state: request.state,
      attempt: request.attempt,
      step: step?.name ?? null,
      reason: step?.reason ?? null,
    },
    key: `${request.requestId}/${request.revision}`,
    // The system, even when a person's request reveals the end first.
    by: system,
  });
}

/** The subject of audit rows about `request`. */
export const subjectOf = ({ requestId }: Pick<WorkbenchRequest, 'requestId'>): string =>
  `workbench/${requestId}`;
