import { z } from 'zod';
import { stepNames, stepStates, type WorkbenchRequest, workbenchStates } from '@/lib/domain/workbench/ports';
import { person } from '../core/items';

const date = z.iso.datetime().transform((text) => new Date(text));

const item = z.object({
  requestId: z.string(),
  variant: z.object({ id: z.string(), artifactId: z.string(), name: z.string() }),
  parameters: z.record(z.string(), z.string()),
  state: z.enum(workbenchStates),
  steps: z.array(
    z.object({
      name: z.enum(stepNames),
      state: z.enum(stepStates),
      startedAt: date.nullable(),
      finishedAt: date.nullable(),
      reason: z.string().nullable(),
    }),
  ),
  attempt: z.number().int(),
  accountId: z.string().nullable(),
  domainId: z.string().nullable(),
  requestedBy: person,
  requestedAt: date,
  updatedAt: date,
  revision: z.number().int(),
});

/** A request as stored in DynamoDB, without its keys. Dates are ISO 8601, UTC. */
export type WorkbenchItem = z.input<typeof item>;

/**
 * The item of `request`. Only an unfinished one has `open` and `openAt`. The index on these is sparse: it holds what
 * the reconciler must check, longest unchanged first.
 */
export function itemOf(request: WorkbenchRequest): WorkbenchItem & { open?: string; openAt?: string } {
  const updatedAt = request.updatedAt.toISOString();
  return {
    ...request,
    parameters: { ...request.parameters },
    steps: request.steps.map((step) => ({
      ...step,
      startedAt: step.startedAt?.toISOString() ?? null,
      finishedAt: step.finishedAt?.toISOString() ?? null,
    })),
    requestedAt: request.requestedAt.toISOString(),
    updatedAt,
    ...(request.state === 'provisioning' ? { open: openPartition, openAt: updatedAt } : {}),
  };
}

/** The only partition of the index. It allows a thousand writes per second, and few accounts are vended at a time. */
export const openPartition = 'open';

/** Parses a stored request. Throws when it is invalid. */
export function requestOf(stored: unknown): WorkbenchRequest {
  return item.parse(stored);
}

/** Sort key of a request. */
export function sortKeyOf(requestId: string): string {
  return `WORKBENCH#${requestId}`;
}

/** The tenant and request of these keys; `null` for keys of something else. */
export function namesOf(keys: { readonly pk?: unknown; readonly sk?: unknown }) {
  const tenantId = typeof keys.pk === 'string' ? /^TENANT#(.+)$/.exec(keys.pk)?.[1] : undefined;
  const requestId = typeof keys.sk === 'string' ? /^WORKBENCH#(.+)$/.exec(keys.sk)?.[1] : undefined;
  return tenantId !== undefined && requestId !== undefined ? { tenantId, requestId } : null;
}
