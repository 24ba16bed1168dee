import { record } from '@/lib/domain/audit/record';
import { refuseWhileBraked } from '@/lib/domain/budget/brake';
import type { TenantContext } from '@/lib/domain/context';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { launchable } from '../launchable';
import type { StudioLanding, StudioTarget } from '../ports';
import { profileName } from '../profile-name';
import { launchStudioInput, type StudioPlace } from '../schemas';
import { goneWords, openableApp } from '../spaces';

/**
 * A URL that signs the actor in to the tenant's Studio once, within seconds: at a space, at an app of the actor's own, or at its home. The
 * first launch creates the user profile. Never store, log or cache the URL. Throws `forbidden`; `invalid` for a space that is private to
 * somebody else; `conflict` when there is no Studio or no such space to open (not yet, or no longer) or the budget is spent; what reaching
 * Studio throws.
 */
export const launchStudio = tenantVerb(
  'studio.launch',
  launchStudioInput,
  async (ctx, place): Promise<{ url: string }> => {
    const { workbenches, studio, jobs } = ctx.ports;
    const request = await workbenches.live();
    const { accountId, domainId } = launchable(request);
    await refuseWhileBraked(ctx, 'New Studio sessions');
    const target = { accountId, domainId, profile: profileName(ctx.actor.id, ctx.actor.name) };
    try {
      const landing = await landingAt(ctx, target, place);
      await studio.ensureUserProfile(target);
      await record(ctx, {
        action: 'studio.launch',
        subject: `workbench/${request?.requestId}`,
        detail: {
          domain: domainId,
          profile: target.profile,
          seconds: studio.sessionSeconds(),
          ...(landing && { app: landing.app }),
          ...(landing?.space && { space: landing.space }),
        },
      });
      return { url: await studio.presignedUrl({ ...target, landing }) };
    } catch (error) {
      if (!isAnnexError(error, 'not_found', 'dependency_denied')) throw error;
      await jobs.send({ kind: 'workbench.advance', requestId: request?.requestId });
      if (isAnnexError(error, 'dependency_denied')) throw error;
      throw new AnnexError('conflict', missingWords(place), {
        cause: error,
      });
    }
  },
);

/** Where the person asked to land. Throws `not_found` if there is no such space. */
async function landingAt(
  { ports }: TenantContext,
  target: StudioTarget,
  { space, app }: StudioPlace,
): Promise<StudioLanding | null> {
  if (space === undefined) return app === undefined ? null : { app, space: null };
  const found = await ports.studio.space(target, space);
  if (!found) throw new AnnexError('not_found', goneWords(space));
  return { app: openableApp(found, target.profile), space };
}

const missingWords = ({ space }: StudioPlace): string =>
  space === undefined
    ? 'Studio could not be opened because its domain or your profile no longer exists. Annex is checking the workbench. ' +
      'This page will show the result.'
    : `The space ${space} could not be opened because it, its domain or your profile no longer exists. ` +
      'Annex is checking the workbench. Open another space, or launch Studio.';
