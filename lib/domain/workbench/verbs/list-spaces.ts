import { nothing, tenantVerb } from '@/lib/domain/verb';
import { profileName } from '../profile-name';
import { type OpenSpace, openTo } from '../spaces';

/** Where in Studio somebody may go. */
export interface StudioSpaces {
  readonly domainId: string;
  /** The person's user profile, whether or not it exists yet. */
  readonly profile: string;
  /** Latest changed first. */
  readonly spaces: readonly OpenSpace[];
}

/** The spaces that the actor may open now. Null until the workbench is ready. Throws `forbidden`, and what reaching Studio throws. */
export const listSpaces = tenantVerb('studio.launch', nothing, async (ctx): Promise<StudioSpaces | null> => {
  const request = await ctx.ports.workbenches.live();
  if (request?.state !== 'ready' || request.accountId === null || request.domainId === null) return null;
  const { accountId, domainId } = request;
  const profile = profileName(ctx.actor.id, ctx.actor.name);
  const spaces = await ctx.ports.studio.spaces({ accountId, domainId });
  return { domainId, profile, spaces: openTo(spaces, profile) };
});
