import type { TenantContext } from '@/lib/domain/context';
import { known, type Read, seenInAws, unread } from '@/lib/domain/seen';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import type { RunningEndpoint } from '../ports';
import { getIdleShutdown, type IdleView } from './get-idle-shutdown';
import { listRunning, type Running } from './list-running';

/** What runs, with what people decide by whether to stop it. */
export interface RunningView extends Running {
  /** Null: there is no domain. */
  readonly idle: Read<IdleView | null>;
  /** The calls of each endpoint in the last seven days, by its name; null: CloudWatch does not tell. */
  readonly calls: Read<ReadonlyMap<string, number | null>>;
  /** The active version and the endpoint that serves it; null: the built-in model is active. */
  readonly active: { readonly version: number; readonly endpointName: string } | null;
}

/**
 * What runs now, why apps are still up and which endpoints nobody calls. A part that AWS does not tell is `unreadable`. Throws
 * `forbidden`.
 */
export const viewRunning = tenantVerb('running.view', nothing, async (ctx): Promise<RunningView> => {
  const running = await listRunning(ctx, undefined);
  const apps = known(running.apps)?.items ?? [];
  const endpoints = known(running.endpoints)?.items ?? [];
  const [idle, calls, active] = await Promise.all([
    idleOf(ctx, apps),
    callsOf(ctx, endpoints, running.readAt),
    ctx.ports.models.active(),
  ]);
  return {
    ...running,
    idle,
    calls,
    active: active && { version: active.version, endpointName: active.endpointName },
  };
});

async function idleOf(
  ctx: TenantContext,
  apps: NonNullable<Parameters<typeof getIdleShutdown>[1]['apps']>,
): Promise<RunningView['idle']> {
  try {
    return await seenInAws(ctx, getIdleShutdown, () => getIdleShutdown(ctx, { apps }));
  } catch (error) {
    if (!isAnnexError(error, 'not_found')) throw error;
    return { state: 'unreadable', reason: 'The Studio domain no longer exists.' };
  }
}

const callsOf = (ctx: TenantContext, endpoints: readonly RunningEndpoint[], end: Date) =>
  endpoints.length === 0
    ? Promise.resolve(unread)
    : seenInAws(ctx, viewRunning, () => ctx.ports.endpointCalls.ofWeek(endpoints, end));
