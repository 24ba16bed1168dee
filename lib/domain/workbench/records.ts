import { system } from '../actor';
import { record } from '../audit/record';
import type { TenantContext } from '../context';
import type { WorkbenchRequest } from './ports';
import { currentStep } from './steps';

/** Puts on record, once, that the workbench was requested, and by whom: also when somebody else finds it missing. */
export function recordRequest(ctx: TenantContext, request: WorkbenchRequest): Promise<void> {
  return record(ctx, {
    action: 'workbench.request',
    subject: subjectOf(request),
    detail: { variant: request.variant.name, ...request.parameters },
    key: request.requestId,
    by: request.requestedBy,
  });
}

/** Puts on record, once per revision, how the stored `request` ended. Call it with nothing left to write. */
export function recordEnd(ctx: TenantContext, request: WorkbenchRequest): Promise<void> {
  const step = currentStep(request);
  return record(ctx, {
    action: 'workbench.advance',
    subject: subjectOf(request),
    detail: {
      state: request.state,
      attempt: request.attempt,
      step: step?.name ?? null,
      reason: step?.reason ?? null,
    },
    key: `${request.requestId}/${request.revision}`,
    // Also where a person is the first to come upon it.
    by: system,
  });
}

/** What audit rows of `request` are about. */
export const subjectOf = ({ requestId }: Pick<WorkbenchRequest, 'requestId'>): string =>
  `workbench/${requestId}`;
