import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreatePresignedDomainUrlCommand,
  CreateUserProfileCommand,
  DescribeUserProfileCommand,
  type DescribeUserProfileResponse,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { Studio } from '@/lib/domain/workbench/ports';
import { env } from '@/lib/env';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { tenantClient } from '../core/clients';
import { aws } from '../core/errors';

/** How long a launch may wait for a new profile, ms. */
const profileDeadlineMs = 20_000;
/** Lifetime of a presigned URL: enough for one redirect. */
const urlSeconds = 20;

interface Target {
  readonly accountId: string;
  readonly domainId: string;
  readonly profile: string;
}

/** The tenant's Studio, with the tenant's role in the tenant's account. */
export function studio(tenantId: string): Studio {
  const clientFor = ({ accountId }: Target) =>
    tenantClient(SageMakerClient, { kind: 'silo', tenantId, accountId });
  const keys = ({ domainId, profile }: Target) => ({ DomainId: domainId, UserProfileName: profile });

  async function described(target: Target): Promise<DescribeUserProfileResponse | null> {
    try {
      return await aws('finding your Studio profile', () =>
        clientFor(target).send(new DescribeUserProfileCommand(keys(target))),
      );
    } catch (error) {
      if (isAnnexError(error, 'not_found')) return null;
      throw error;
    }
  }

  async function create(target: Target): Promise<void> {
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
    async presignedUrl(target) {
      const answer = await aws('opening Studio', () =>
        clientFor(target).send(
          new CreatePresignedDomainUrlCommand({
            ...keys(target),
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

function refuseFailed(profile: DescribeUserProfileResponse | null): void {
  const status = profile?.Status;
  if (status === 'Failed' || status === 'Update_Failed' || status === 'Delete_Failed') {
    const reason = profile?.FailureReason ?? 'AWS gave no reason.';
    throw new AnnexError('dependency_failed', `Your Studio profile could not be created: ${reason}`, {
      transient: false,
    });
  }
}
