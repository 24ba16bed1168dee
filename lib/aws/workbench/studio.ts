import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreatePresignedDomainUrlCommand,
  CreateUserProfileCommand,
  DescribeSpaceCommand,
  type DescribeSpaceResponse,
  DescribeUserProfileCommand,
  type DescribeUserProfileResponse,
  ListSpacesCommand,
  SageMakerClient,
  type SpaceDetails,
} from '@aws-sdk/client-sagemaker';
import {
  mostSpaces,
  type Studio,
  type StudioLanding,
  type StudioSpace,
  type StudioTarget,
} from '@/lib/domain/workbench/ports';
import { env } from '@/lib/env';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { tenantClient } from '../core/clients';
import { aws, isMissing } from '../core/errors';

/** How long a launch may wait for a new profile, ms. */
const profileDeadlineMs = 20_000;
/** Lifetime of a presigned URL: enough for one redirect. */
const urlSeconds = 20;

/** The tenant's Studio, with the tenant's role in the tenant's account. */
export function studio(tenantId: string): Studio {
  const clientFor = ({ accountId }: Pick<StudioTarget, 'accountId'>) =>
    tenantClient(SageMakerClient, { kind: 'silo', tenantId, accountId });
  const keys = ({ domainId, profile }: StudioTarget) => ({ DomainId: domainId, UserProfileName: profile });

  async function described(target: StudioTarget): Promise<DescribeUserProfileResponse | null> {
    try {
      return await aws('finding your Studio profile', () =>
        clientFor(target).send(new DescribeUserProfileCommand(keys(target))),
      );
    } catch (error) {
      if (isAnnexError(error, 'not_found')) return null;
      throw error;
    }
  }

  async function create(target: StudioTarget): Promise<void> {
    try {
      await aws('creating your Studio profile', () =>
        clientFor(target).send(
          new CreateUserProfileCommand({ ...keys(target), Tags: [{ Key: 'TenantId', Value: tenantId }] }),
        ),
      );
    } catch (error) {
      // Another launch by the same person created it a moment ago.
      if (!isAnnexError(error, 'conflict')) throw error;
    }
  }

  return {
    async ensureUserProfile(target) {
      const deadline = Date.now() + profileDeadlineMs;
      const present = await described(target);
      if (present?.Status === 'InService') return;
      if (!present) await create(target);
      for (let wait = 100; ; wait = Math.min(2000, wait * 1.5)) {
        const profile = await described(target);
        if (profile?.Status === 'InService') return;
        refuseFailed(profile);
        if (Date.now() + wait > deadline) {
          throw new AnnexError(
            'dependency_failed',
            'Your Studio profile is still being created. Launch again in a minute.',
          );
        }
        await sleep(wait);
      }
    },
    sessionSeconds: () => env().ANNEX_STUDIO_SESSION_SECONDS,
    async space(domain, SpaceName) {
      const command = new DescribeSpaceCommand({ DomainId: domain.domainId, SpaceName });
      try {
        return spaceOf(await aws('finding the space', () => clientFor(domain).send(command)));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async spaces(domain) {
      const found: StudioSpace[] = [];
      let NextToken: string | undefined;
      do {
        const command = new ListSpacesCommand({
          ...{ DomainIdEquals: domain.domainId, MaxResults: 100, NextToken },
          ...{ SortBy: 'LastModifiedTime', SortOrder: 'Descending' },
        });
        const page = await aws('listing the spaces of Studio', () => clientFor(domain).send(command));
        found.push(...(page.Spaces ?? []).map(listedSpaceOf));
        NextToken = page.NextToken;
      } while (NextToken !== undefined && found.length < mostSpaces);
      return found.slice(0, mostSpaces);
    },
    async presignedUrl({ landing, ...target }) {
      const answer = await aws('opening Studio', () =>
        clientFor(target).send(
          new CreatePresignedDomainUrlCommand({
            ...keys(target),
            ...landingOf(landing),
            ExpiresInSeconds: urlSeconds,
            // AWS has no call that ends a Studio session, so it must end by itself soon.
            SessionExpirationDurationInSeconds: env().ANNEX_STUDIO_SESSION_SECONDS,
          }),
        ),
      );
      if (!answer.AuthorizedUrl) {
        throw new AnnexError(
          'dependency_failed',
          'AWS returned no address for Studio. Launch again in a minute.',
        );
      }
      return answer.AuthorizedUrl;
    },
  };
}

const landingOf = (landing: StudioLanding | null) =>
  landing && {
    LandingUri: `app:${landing.app}:`,
    ...(landing.space !== null && { SpaceName: landing.space }),
  };

// Spaces that say nothing of sharing are older than private ones: all of them are shared.
const spaceOf = (space: DescribeSpaceResponse): StudioSpace => ({
  name: space.SpaceName ?? '',
  status: space.Status ?? 'unknown',
  app: space.SpaceSettings?.AppType ?? null,
  isPrivate: space.SpaceSharingSettings?.SharingType === 'Private',
  owner: space.OwnershipSettings?.OwnerUserProfileName ?? null,
});

const listedSpaceOf = (space: SpaceDetails): StudioSpace => ({
  name: space.SpaceName ?? '',
  status: space.Status ?? 'unknown',
  app: space.SpaceSettingsSummary?.AppType ?? null,
  isPrivate: space.SpaceSharingSettingsSummary?.SharingType === 'Private',
  owner: space.OwnershipSettingsSummary?.OwnerUserProfileName ?? null,
});

function refuseFailed(profile: DescribeUserProfileResponse | null): void {
  const status = profile?.Status;
  if (status === 'Failed' || status === 'Update_Failed' || status === 'Delete_Failed') {
    const reason = profile?.FailureReason ?? 'AWS gave no reason.';
    throw new AnnexError('dependency_failed', `Your Studio profile could not be created: ${reason}`, {
      transient: false,
    });
  }
}
