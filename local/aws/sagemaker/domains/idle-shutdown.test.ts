import type { DescribeAppResponse } from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Caller } from '../../core/service';
import { createFakeClient } from '../../testing/fake-client';
import { type FakeStandIn, fakeStandIn, tenantCaller } from '../../testing/fake-stand-in';

let fake: FakeStandIn;
let foo: Caller;
let DomainId: string;

beforeEach(async () => {
  fake = fakeStandIn();
  const client = createFakeClient(fake);
  const accountId = await client.accountOf('token-1', 'foo');
  foo = tenantCaller(accountId, 'foo');
  DomainId = (await client.domain(accountId))?.DomainId ?? '';
});

const call = <T = object>(operation: string, input: object = {}): Promise<T> =>
  fake.call<T>('sagemaker', operation, input, foo);

async function profileUp(UserProfileName = 'ada'): Promise<void> {
  await call('CreateUserProfile', { DomainId, UserProfileName });
  await fake.settle();
}

describe('idle shutdown', () => {
  const settings = (IdleSettings: object, type = 'JupyterLab') => ({
    DomainId,
    DefaultUserSettings: { [`${type}AppSettings`]: { AppLifecycleManagement: { IdleSettings } } },
  });
  const enabled = (IdleTimeoutInMinutes: number) => ({
    LifecycleManagement: 'ENABLED',
    IdleTimeoutInMinutes,
  });
  const app = (UserProfileName: string, AppType = 'JupyterLab') => ({
    DomainId,
    UserProfileName,
    AppType,
    AppName: 'default',
  });
  const statusOf = async (key: object) => (await call<DescribeAppResponse>('DescribeApp', key)).Status;
  const idleFor = (minutes: number) =>
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 });
  afterEach(() => vi.useRealTimers());

  it('is what was set, and leaves the rest of the domain as it was', async () => {
    await call('UpdateDomain', settings(enabled(60), 'CodeEditor'));
    expect(await call('DescribeDomain', { DomainId })).toMatchObject({
      DefaultUserSettings: {
        ExecutionRole: expect.any(String),
        JupyterLabAppSettings: {
          DefaultResourceSpec: { InstanceType: 'ml.t3.large' },
          AppLifecycleManagement: { IdleSettings: enabled(120) },
        },
        CodeEditorAppSettings: { AppLifecycleManagement: { IdleSettings: enabled(60) } },
      },
    });
  });

  it.each([
    enabled(59),
    enabled(525_601),
    { IdleTimeoutInMinutes: 60 },
    { ...enabled(60), MinIdleTimeoutInMinutes: 90 },
  ])('refuses %j', async (given) => {
    await expect(call('UpdateDomain', settings(given))).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  it('stops an app that was idle for its time, and tells when', async () => {
    await profileUp();
    await call('CreateApp', app('ada'));
    await fake.settle();
    idleFor(119);
    await fake.settle(1000, 3 * 3_600_000);
    expect(await statusOf(app('ada'))).toBe('InService');
    idleFor(2);
    await fake.settle(1000, 3 * 3_600_000);
    const gone = await call<DescribeAppResponse>('DescribeApp', app('ada'));
    expect(gone.Status).toBe('Deleted');
    const [ended, active] = [gone.LastHealthCheckTimestamp, gone.LastUserActivityTimestamp].map(Number);
    expect((ended ?? 0) - (active ?? 0)).toBeGreaterThanOrEqual(120 * 60);
  });

  it('holds for apps that start afterwards, by type, and gives way to what a profile has set', async () => {
    await profileUp();
    await call('CreateUserProfile', {
      DomainId,
      UserProfileName: 'eve',
      UserSettings: settings({ LifecycleManagement: 'DISABLED' }).DefaultUserSettings,
    });
    await fake.settle();
    expect(await call('DescribeUserProfile', { DomainId, UserProfileName: 'eve' })).toMatchObject({
      UserSettings: {
        JupyterLabAppSettings: {
          AppLifecycleManagement: { IdleSettings: { LifecycleManagement: 'DISABLED' } },
        },
      },
    });
    await call('CreateApp', app('ada'));
    await call('UpdateDomain', settings(enabled(60)));
    // Nothing is set for Code Editor.
    await call('CreateApp', app('ada', 'CodeEditor'));
    await call('CreateApp', app('eve'));
    await profileUp('joe');
    await call('CreateApp', app('joe'));
    await fake.settle();
    idleFor(61);
    await fake.settle(1000, 90 * 60_000);
    expect(await statusOf(app('joe'))).toBe('Deleted');
    expect(await statusOf(app('ada'))).toBe('InService');
    idleFor(24 * 60);
    await fake.settle(1000, 48 * 3_600_000);
    expect(await statusOf(app('ada'))).toBe('Deleted');
    expect(await statusOf(app('ada', 'CodeEditor'))).toBe('InService');
    expect(await statusOf(app('eve'))).toBe('InService');
  });
});
