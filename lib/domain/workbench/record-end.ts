import { system } from '../actor';
import type { TenantContext } from '../context';
import type { WorkbenchRequest } from './ports';
import { currentStep } from './steps';

/**
 * Puts on record how `request` came to its end, as it is stored: to be called with nothing that is yet to be written. Once a
 * revision, however often it is called.
 */
export function recordEnd(ctx: TenantContext, request: WorkbenchRequest): Promise<void> {
  const step = currentStep(request);
  return ctx.ports.audit.append({
    action: 'workbench.advance',
    subject: `workbench/${request.requestId}`,
    // Also where a person comes upon an end that has not been recorded.
    actorId: system.id,
    actorName: system.name,
    requestId: ctx.requestId,
    detail: {
      state: request.state,
      attempt: request.attempt,
      step: step?.name ?? null,
      reason: step?.reason ?? null,
    },
    idempotencyKey: `workbench.advance/${request.requestId}/${request.revision}`,
  });
}
