import { tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { launchable } from '../launchable';
import { profileName } from '../profile-name';
import { getSpaceRefusalInput } from '../schemas';
import { goneWords, openableApp } from '../spaces';

/**
 * Why the actor can't open that space now, in words; null if nothing of the space prevents it. Throws `forbidden`, `conflict` while there is no
 * Studio, and what reaching Studio throws.
 */
export const getSpaceRefusal = tenantVerb(
  'studio.launch',
  getSpaceRefusalInput,
  async (ctx, { space }): Promise<string | null> => {
    const target = launchable(await ctx.ports.workbenches.live());
    const found = await ctx.ports.studio.space(target, space);
    if (!found) return goneWords(space);
    try {
      openableApp(found, profileName(ctx.actor.id, ctx.actor.name));
      return null;
    } catch (error) {
      if (!isAnnexError(error)) throw error;
      return error.message;
    }
  },
);
