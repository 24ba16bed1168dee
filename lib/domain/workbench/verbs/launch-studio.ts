import { record } from '@/lib/domain/audit/record';
import { refuseWhileBraked } from '@/lib/domain/budget/brake';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { AnnexError, isAnnexError } from '@/lib/errors';
import type { WorkbenchRequest } from '../ports';
import { profileName } from '../profile-name';

/**
 * A URL that signs the actor in to the tenant's Studio once, within seconds. The first launch creates the user profile. Never
 * store, log or cache the URL. Throws `forbidden`; `conflict` when there is no Studio to open (not yet, or no longer) or the budget is spent; what
 * reaching Studio throws.
 */
export const launchStudio = tenantVerb('studio.launch', nothing, async (ctx): Promise<{ url: string }> => {
  const { workbenches, studio, jobs } = ctx.ports;
  const request = await workbenches.live();
  const { accountId, domainId } = launchable(request);
  await refuseWhileBraked(ctx, 'New Studio sessions');
  const target = { accountId, domainId, profile: profileName(ctx.actor.id, ctx.actor.name) };
  try {
    await studio.ensureUserProfile(target);
    await record(ctx, {
      action: 'studio.launch',
      subject: `workbench/${request?.requestId}`,
      detail: { domain: domainId, profile: target.profile, seconds: studio.sessionSeconds() },
    });
    return { url: await studio.presignedUrl(target) };
  } catch (error) {
    if (!isAnnexError(error, 'not_found', 'dependency_denied')) throw error;
    await jobs.send({ kind: 'workbench.advance', requestId: request?.requestId });
    if (isAnnexError(error, 'dependency_denied')) throw error;
    throw new AnnexError(
      'conflict',
      'Studio could not be opened because its domain or your profile no longer exists. Annex is checking the workbench. ' +
        'This page will show the result.',
      { cause: error },
    );
  }
});

function launchable(request: WorkbenchRequest | null): { accountId: string; domainId: string } {
  if (!request) throw new AnnexError('conflict', 'There is no workbench yet. Request it first.');
  if (request.state === 'failed') {
    throw new AnnexError('conflict', 'Workbench setup failed. Retry the failed step, then launch Studio.');
  }
  if (request.state !== 'ready' || request.accountId === null || request.domainId === null) {
    throw new AnnexError(
      'conflict',
      'The workbench is not ready yet. Launch Studio once all steps are done.',
    );
  }
  return { accountId: request.accountId, domainId: request.domainId };
}
