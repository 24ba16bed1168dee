import { z } from 'zod';
import type { TenantContext } from '@/lib/domain/context';
import { type Read, seenInAws } from '@/lib/domain/seen';
import { tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { type DomainIdle, lastEnded, type WhyUp, whyUp } from '../idle';
import type { AppKey, IdleSettings, RunningApp } from '../ports';

/** Idle shutdown as it holds in AWS now. */
export interface IdleView extends DomainIdle {
  readonly domainId: string;
  /** The app that ended last within a day. */
  readonly last: Read<ReturnType<typeof lastEnded>>;
  /** Why each app that was asked about is up, in their order; null: AWS does not tell what its owner has set. */
  readonly why: readonly (WhyUp | null)[];
}

const input = z.object({ apps: z.custom<readonly RunningApp[]>(Array.isArray).default([]) });

/**
 * What is set about idle shutdown in the workbench’s domain, when it last stopped something and why `apps`, which `listRunning` gave,
 * are still up. Null before there is a domain. Throws `forbidden`, and what reading the domain throws.
 */
export const getIdleShutdown = tenantVerb(
  'running.view',
  input,
  async (ctx, { apps }): Promise<IdleView | null> => {
    const domainId = (await ctx.ports.workbenches.live())?.domainId;
    if (!domainId || ctx.tenant.accountId === null) return null;
    const [domain, ended, owners] = await Promise.all([
      ctx.ports.idleShutdown.ofDomain(domainId),
      seenInAws(ctx, getIdleShutdown, () => ctx.ports.idleShutdown.ended()),
      ownSettings(ctx, apps),
    ]);
    return {
      ...domain,
      domainId,
      last: ended.state === 'read' ? { state: 'read', value: lastEnded(ended.value, domain) } : ended,
      why: apps.map((app) => {
        const own = owners.get(ownerOf(app));
        return own === undefined ? null : whyUp(app, domain, own, ctx.now());
      }),
    };
  },
);

const ownerOf = ({ domainId, owner: { kind, name } }: AppKey): string => `${domainId}/${kind}/${name}`;

/** What the owners of `apps` have set for themselves, each asked once; one that AWS does not tell is missing. */
async function ownSettings(
  ctx: TenantContext,
  apps: readonly RunningApp[],
): Promise<ReadonlyMap<string, IdleSettings>> {
  const found = new Map<string, IdleSettings>();
  const owners = new Map(apps.map((app) => [ownerOf(app), app]));
  for (const [key, { domainId, owner }] of owners) {
    try {
      found.set(key, await ctx.ports.idleShutdown.ofOwner(domainId, owner));
    } catch (error) {
      if (!isAnnexError(error, 'dependency_failed', 'dependency_denied', 'throttled')) throw error;
      ctx.log.warn({ err: error }, 'what an owner of an app has set could not be read');
    }
  }
  return found;
}
