import {
  DescribeAppCommand,
  DescribeDomainCommand,
  DescribeSpaceCommand,
  DescribeUserProfileCommand,
  type IdleSettings as GivenIdleSettings,
  SageMakerClient,
  UpdateDomainCommand,
  type UserSettings,
} from '@aws-sdk/client-sagemaker';
import type { EndedApp, IdleSetting, IdleSettings, IdleShutdown } from '@/lib/domain/running/ports';
import { memoOne } from '@/lib/memo';
import { tenantClient } from '../core/clients';
import { aws } from '../core/errors';
import { appInput, appPages, keyOf, listed, orMissing, present } from './listing';

/** Apps that ended which are asked about. */
const mostEnded = 10;

/**
 * Idle shutdown in the tenant's own account, with the tenant's role there. `accountId` throws `conflict` while the tenant has no
 * account.
 */
export function idleShutdown(tenantId: string, accountId: () => Promise<string>): IdleShutdown {
  // A tenant's account never changes.
  const account = memoOne(accountId);
  return idleShutdownOf(async () =>
    tenantClient(SageMakerClient, { kind: 'silo', tenantId, accountId: await account() }),
  );
}

/** Idle shutdown in the account that `client` can access. */
function idleShutdownOf(client: () => Promise<SageMakerClient>): IdleShutdown {
  const domain = async (DomainId: string) => {
    const sagemaker = await client();
    return aws('reading the Studio domain', () => sagemaker.send(new DescribeDomainCommand({ DomainId })));
  };
  return {
    async ofDomain(domainId) {
      const { DefaultUserSettings, LastModifiedTime, CreationTime } = await domain(domainId);
      return {
        settings: settingsOf(DefaultUserSettings),
        changedAt: LastModifiedTime ?? CreationTime ?? null,
      };
    },
    async change(domainId, { JupyterLab, CodeEditor }) {
      const { DefaultUserSettings: given } = await domain(domainId);
      const sagemaker = await client();
      // Each structure goes back whole, with what is changed: AWS may take what is left out for removed.
      const DefaultUserSettings: UserSettings = {
        ...(JupyterLab && {
          JupyterLabAppSettings: {
            ...given?.JupyterLabAppSettings,
            AppLifecycleManagement: {
              IdleSettings: changed(
                given?.JupyterLabAppSettings?.AppLifecycleManagement?.IdleSettings,
                JupyterLab,
              ),
            },
          },
        }),
        ...(CodeEditor && {
          CodeEditorAppSettings: {
            ...given?.CodeEditorAppSettings,
            AppLifecycleManagement: {
              IdleSettings: changed(
                given?.CodeEditorAppSettings?.AppLifecycleManagement?.IdleSettings,
                CodeEditor,
              ),
            },
          },
        }),
      };
      await aws('changing idle shutdown', () =>
        sagemaker.send(new UpdateDomainCommand({ DomainId: domainId, DefaultUserSettings })),
      );
    },
    async ofOwner(DomainId, owner) {
      const sagemaker = await client();
      if (owner.kind === 'profile') {
        const profile = await orMissing('reading a user profile', () =>
          sagemaker.send(new DescribeUserProfileCommand({ DomainId, UserProfileName: owner.name })),
        );
        return settingsOf(profile?.UserSettings);
      }
      const space = await orMissing('reading a space', () =>
        sagemaker.send(new DescribeSpaceCommand({ DomainId, SpaceName: owner.name })),
      );
      const { JupyterLabAppSettings, CodeEditorAppSettings } = space?.SpaceSettings ?? {};
      return {
        JupyterLab: ofSpace(
          JupyterLabAppSettings?.AppLifecycleManagement?.IdleSettings?.IdleTimeoutInMinutes,
        ),
        CodeEditor: ofSpace(
          CodeEditorAppSettings?.AppLifecycleManagement?.IdleSettings?.IdleTimeoutInMinutes,
        ),
      };
    },
    async ended() {
      const sagemaker = await client();
      const { items } = await listed(appPages(sagemaker), ({ Status }) => Status === 'Deleted', mostEnded);
      return present(items, async (listedApp): Promise<EndedApp | null> => {
        const key = keyOf(listedApp);
        const app = await orMissing('reading an app that ended', () =>
          sagemaker.send(new DescribeAppCommand(appInput(key))),
        );
        // Meanwhile it may be up again.
        if (app?.Status !== 'Deleted') return null;
        return {
          ...key,
          endedAt: app.LastHealthCheckTimestamp ?? null,
          activeAt: app.LastUserActivityTimestamp ?? null,
        };
      });
    },
  };
}

const settingsOf = (settings: UserSettings | undefined): IdleSettings => ({
  JupyterLab: settingOf(settings?.JupyterLabAppSettings?.AppLifecycleManagement?.IdleSettings),
  CodeEditor: settingOf(settings?.CodeEditorAppSettings?.AppLifecycleManagement?.IdleSettings),
});

function settingOf(given: GivenIdleSettings | undefined): IdleSetting | null {
  switch (given?.LifecycleManagement) {
    case 'ENABLED':
      return { state: 'enabled', minutes: given.IdleTimeoutInMinutes ?? null };
    case 'DISABLED':
      return { state: 'disabled', minutes: null };
    default:
      return null;
  }
}

const ofSpace = (minutes: number | undefined): IdleSetting | null =>
  minutes === undefined ? null : { state: 'enabled', minutes };

/** `given` with what was set; people’s own limits widen where the time would be outside them, which AWS refuses. */
function changed(given: GivenIdleSettings | undefined, { state, minutes }: IdleSetting): GivenIdleSettings {
  if (state === 'disabled') return { LifecycleManagement: 'DISABLED' };
  const time = minutes ?? given?.IdleTimeoutInMinutes;
  const { MinIdleTimeoutInMinutes: least, MaxIdleTimeoutInMinutes: most } = given ?? {};
  return {
    LifecycleManagement: 'ENABLED',
    ...(time === undefined ? {} : { IdleTimeoutInMinutes: time }),
    ...(least === undefined ? {} : { MinIdleTimeoutInMinutes: Math.min(least, time ?? least) }),
    ...(most === undefined ? {} : { MaxIdleTimeoutInMinutes: Math.max(most, time ?? most) }),
  };
}
