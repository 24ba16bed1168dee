import { type Read, seenInAws } from '@/lib/domain/seen';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import type { RunningApp, RunningEndpoint, RunningList } from '../ports';

/** What runs in the tenant's account and costs by the hour. */
export interface Running {
  /** When AWS was asked. */
  readonly readAt: Date;
  /** False: the tenant has no account yet, so nothing runs. */
  readonly hasAccount: boolean;
  readonly apps: Read<RunningList<RunningApp>>;
  readonly endpoints: Read<RunningList<RunningEndpoint>>;
}

const none = { state: 'read', value: { items: [], more: false } } as const;

/**
 * What runs now, asked of AWS each time. A part that AWS does not tell is `unreadable`, with the reason; the other one counts all the
 * same. Throws `forbidden`.
 */
export const listRunning = tenantVerb('running.view', nothing, async (ctx): Promise<Running> => {
  const readAt = ctx.now();
  if (ctx.tenant.accountId === null) return { readAt, hasAccount: false, apps: none, endpoints: none };
  const { running } = ctx.ports;
  const [apps, endpoints] = await Promise.all([
    seenInAws(ctx, listRunning, () => running.apps()),
    seenInAws(ctx, listRunning, () => running.endpoints()),
  ]);
  return { readAt, hasAccount: true, apps, endpoints };
});
