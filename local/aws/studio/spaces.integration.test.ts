import {
  type AppType,
  CreateAppCommand,
  CreatePresignedDomainUrlCommand,
  CreateSpaceCommand,
  CreateUserProfileCommand,
  DeleteAppCommand,
  DeleteSpaceCommand,
  DeleteUserProfileCommand,
  DescribeAppCommand,
  DescribeSpaceCommand,
  DescribeUserProfileCommand,
  ListAppsCommand,
  ListSpacesCommand,
  SageMakerClient,
  type SharingType,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { studioFetch } from '@/local/testing/studio-fetch';
import { clientConfig, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';
import { until } from '../testing/until';
import { workbenchSteps } from '../testing/workbench-steps';

let aws: TestAws;
let accountId: string;
let sagemaker: SageMakerClient;
let DomainId: string;

beforeAll(async () => {
  aws = await startTestAws({ stepMs: 20 });
  const portal = workbenchSteps(aws);
  ({ accountId } = await portal.ended(await portal.provision('foo-1', 'foo')));
  await portal.baseline(accountId);
  DomainId = (await portal.domain('foo', accountId)).id;
  sagemaker = new SageMakerClient(clientConfig(aws, await tenantKeys(aws, 'foo', accountId)));
  for (const UserProfileName of ['ada', 'grace']) {
    await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName }));
    await until('the profile', async () => {
      const command = new DescribeUserProfileCommand({ DomainId, UserProfileName });
      return (await sagemaker.send(command)).Status === 'InService';
    });
  }
});
afterAll(() => aws.stop());

const spaceInput = (
  SpaceName: string,
  SharingType: SharingType = 'Private',
  AppType: AppType = 'JupyterLab',
) => ({
  DomainId,
  SpaceName,
  SpaceSettings: { AppType, JupyterLabAppSettings: idleAfter(90) },
  OwnershipSettings: { OwnerUserProfileName: 'ada' },
  SpaceSharingSettings: { SharingType },
});
const idleAfter = (IdleTimeoutInMinutes: number) => ({
  AppLifecycleManagement: { IdleSettings: { IdleTimeoutInMinutes } },
});
const described = (SpaceName: string) => sagemaker.send(new DescribeSpaceCommand({ DomainId, SpaceName }));

async function space(...input: Parameters<typeof spaceInput>): Promise<void> {
  await sagemaker.send(new CreateSpaceCommand(spaceInput(...input)));
  await until('the space', async () => (await described(input[0])).Status === 'InService');
}

const launch = (UserProfileName: string, SpaceName?: string, LandingUri?: string) =>
  sagemaker.send(new CreatePresignedDomainUrlCommand({ DomainId, UserProfileName, SpaceName, LandingUri }));

/** Follows the URL of a launch to the page that it leads to. */
async function opened(url = ''): Promise<{ place: string; cookie: string; text: string }> {
  const signedIn = await studioFetch(url);
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const place = new URL(signedIn.headers.get('location') ?? '', aws.studioOrigin).href;
  return { place, cookie, text: await (await studioFetch(place, { headers: { cookie } })).text() };
}

describe('spaces', () => {
  it('come up, are described and listed, and are made once', async () => {
    const { SpaceArn } = await sagemaker.send(new CreateSpaceCommand(spaceInput('notes')));
    expect(SpaceArn).toBe(`arn:aws:sagemaker:us-east-1:${accountId}:space/${DomainId}/notes`);
    await until('the space', async () => (await described('notes')).Status === 'InService');
    const { DomainId: _, SpaceName: __, ...given } = spaceInput('notes');
    expect(await described('notes')).toMatchObject({ SpaceArn, SpaceName: 'notes', ...given });
    const { Spaces } = await sagemaker.send(new ListSpacesCommand({ DomainIdEquals: DomainId }));
    expect(Spaces).toMatchObject([
      {
        SpaceName: 'notes',
        Status: 'InService',
        SpaceSettingsSummary: { AppType: 'JupyterLab' },
        OwnershipSettingsSummary: { OwnerUserProfileName: 'ada' },
        SpaceSharingSettingsSummary: { SharingType: 'Private' },
      },
    ]);
    await expect(space('notes')).rejects.toMatchObject({ name: 'ResourceInUse' });
  });

  it.each([
    ['a name', { SpaceName: 'my notes' }],
    ['an owner that is not there', { OwnershipSettings: { OwnerUserProfileName: 'nobody' } }],
    ['an owner without sharing', { SpaceSharingSettings: undefined }],
    ['a kind of sharing', { SpaceSharingSettings: { SharingType: 'Public' as SharingType } }],
    ['a type of app', { SpaceSettings: { AppType: 'Excel' as AppType } }],
    ['an idle time', { SpaceSettings: { AppType: 'JupyterLab', JupyterLabAppSettings: idleAfter(5) } }],
  ] as const)('refuse %s', async (_what, changed) => {
    const input = { ...spaceInput('refused'), ...changed };
    await expect(sagemaker.send(new CreateSpaceCommand(input))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(described('refused')).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });

  it('have one app of their type, and go after it and before their owner', async () => {
    await space('desk');
    const key = { DomainId, SpaceName: 'desk', AppName: 'default', AppType: 'JupyterLab' } as const;
    for (const wrong of [
      { ...key, AppType: 'CodeEditor' },
      { ...key, SpaceName: 'nowhere' },
      { ...key, UserProfileName: 'ada' },
    ] as const) {
      await expect(sagemaker.send(new CreateAppCommand(wrong))).rejects.toMatchObject({
        name: 'ValidationException',
      });
    }
    const { AppArn } = await sagemaker.send(new CreateAppCommand(key));
    expect(AppArn).toContain(`:app/${DomainId}/desk/JupyterLab/default`);
    const state = async () => (await sagemaker.send(new DescribeAppCommand(key))).Status;
    await until('the app', async () => (await state()) === 'InService');
    const { Apps = [] } = await sagemaker.send(new ListAppsCommand({ SpaceNameEquals: 'desk' }));
    expect(Apps).toMatchObject([{ SpaceName: 'desk', AppType: 'JupyterLab' }]);
    expect(Apps[0]?.UserProfileName).toBeUndefined();
    const remove = () => sagemaker.send(new DeleteSpaceCommand({ DomainId, SpaceName: 'desk' }));
    await expect(remove()).rejects.toMatchObject({ name: 'ResourceInUse' });
    await sagemaker.send(new DeleteAppCommand(key));
    await until('the end of the app', async () => (await state()) === 'Deleted');
    const owner = new DeleteUserProfileCommand({ DomainId, UserProfileName: 'ada' });
    await expect(sagemaker.send(owner)).rejects.toMatchObject({ name: 'ResourceInUse' });
    expect(await aws.standIn.services.sageMaker.domainInUse(accountId)).toContain('Space(s)');
    await remove();
    await until('the end of the space', async () =>
      described('desk').then(
        () => false,
        (error: Error) => error.name === 'ResourceNotFound',
      ),
    );
    await expect(remove()).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });
});

describe('a presigned URL', () => {
  it('leads to the app of a space, which it does not start', async () => {
    await space('model');
    const { AuthorizedUrl } = await launch('ada', 'model', 'app:JupyterLab:');
    const { place, cookie, text } = await opened(AuthorizedUrl);
    expect(place).toContain('/app?type=JupyterLab&space=model');
    expect(text).toContain('JupyterLab: model');
    expect(text).toContain('Stopped');
    const { Apps } = await sagemaker.send(new ListAppsCommand({ DomainIdEquals: DomainId }));
    expect(Apps?.filter(({ Status }) => Status !== 'Deleted')).toEqual([]);
    await studioFetch(place, { method: 'POST', headers: { cookie } });
    const page = async () => (await studioFetch(place, { headers: { cookie } })).text();
    await until('the app', async () => (await page()).includes('InService'));
    await aws.restart();
    expect(await page()).toContain('InService');
  });

  it('leads to an app of the profile, or to the home of Studio', async () => {
    const editor = await opened((await launch('ada', undefined, 'app:CodeEditor:')).AuthorizedUrl);
    expect(editor.text).toContain('Code Editor: ada');
    const home = await opened((await launch('ada', undefined, 'studio::')).AuthorizedUrl);
    expect(home.text).toContain('Environment');
  });

  it('is not made for a space of somebody else, one that is gone, or an app that it has not', async () => {
    await space('secret');
    await space('ours', 'Shared', 'CodeEditor');
    await expect(launch('grace', 'secret')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(launch('ada', 'nowhere')).rejects.toMatchObject({ name: 'ResourceNotFound' });
    for (const uri of ['app:JupyterLab:', 'app:Canvas:', 'https://evil.example']) {
      await expect(launch('grace', 'ours', uri), uri).rejects.toMatchObject({ name: 'ValidationException' });
    }
    const { place, cookie, text } = await opened((await launch('grace', 'ours')).AuthorizedUrl);
    expect(text).toContain('Code Editor: ours');
    const others = place.replace('ours', 'secret').replace('CodeEditor', 'JupyterLab');
    for (const method of ['GET', 'POST']) {
      expect((await studioFetch(others, { method, headers: { cookie } })).status).toBe(404);
    }
  });
});
