import { nothing, tenantVerb } from '@/lib/domain/verb';

/** The Studio session that somebody began last; AWS ends it at `endsAt`. */
export interface StudioSession {
  readonly startedAt: Date;
  readonly endsAt: Date;
}

/**
 * The actor's Studio session, from the audit of launches: AWS does not tell of sessions. It may have ended earlier, with a sign-out in
 * Studio. Null if none can be open. Throws `forbidden`.
 */
export const getStudioSession = tenantVerb(
  'studio.launch',
  nothing,
  async (ctx): Promise<StudioSession | null> => {
    const { entries } = await ctx.ports.auditTrail.list({
      action: 'studio.launch',
      actor: ctx.actor.name,
      limit: 1,
    });
    const [launch] = entries;
    const seconds = launch?.detail.seconds;
    if (!launch || typeof seconds !== 'number') return null;
    const endsAt = new Date(launch.at.getTime() + seconds * 1000);
    return endsAt > ctx.now() ? { startedAt: launch.at, endsAt } : null;
  },
);
