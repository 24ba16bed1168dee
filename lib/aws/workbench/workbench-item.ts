import { z } from 'zod';
import {
  stepNames,
  stepStates,
  type WorkbenchRequest,
  type WorkbenchStanding,
  workbenchStates,
} from '@/lib/domain/workbench/ports';
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
 * The item of `request`, with the attributes of the index `open`: a partition by state, in the order of the last change.
 */
export function itemOf(request: WorkbenchRequest): WorkbenchItem & { open: string; openAt: string } {
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
    open: partitions[request.state],
    openAt: updatedAt,
  };
}

/**
 * Partitions of the index. Each allows a thousand writes per second, and few accounts are vended at a time. A request that ended
 * before there were three is in none until it is written again.
 */
export const partitions = {
  provisioning: 'open',
  ready: 'ready',
  failed: 'failed',
} as const satisfies Record<WorkbenchRequest['state'], string>;

const standing = item.pick({ state: true, steps: true });

/** How the stored request of a tenant stands, for the control plane; null for an item of something else, or an invalid one. */
export function standingOf(
  stored: Readonly<Record<string, unknown>>,
): Omit<WorkbenchStanding, 'updatedAt'> | null {
  const names = namesOf(stored);
  const { data } = standing.safeParse(stored);
  return names && data ? { tenantId: names.tenantId, ...data } : null;
}

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
