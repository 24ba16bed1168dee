import {
  CreateAppCommand,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateUserProfileCommand,
  DescribeDomainCommand,
  DescribeUserProfileCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AppKey } from '@/lib/domain/running/ports';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { vendStudio } from '@/local/testing/vended-studio';
import { tenantClient } from '../core/clients';
import { endpointCalls } from './endpoint-calls';
import { idleShutdown } from './idle-shutdown';
import { runningResources } from './running-resources';

const account = '222222222222';
let stack: ProductAws;
let DomainId: string;

const patience = { timeout: 20_000, interval: 20 };
const sagemaker = () => tenantClient(SageMakerClient, { kind: 'silo', tenantId: 'foo', accountId: account });
const foo = () => runningResources('foo', async () => account);
const idle = () => idleShutdown('foo', async () => account);
const app = (name: string, type = 'JupyterLab'): AppKey => ({
  domainId: DomainId,
  owner: { kind: 'profile', name },
  type,
  name: 'default',
});

beforeAll(async () => {
  stack = await startProductAws({ stepMs: 20 });
  DomainId = await vendStudio(stack, { tenantId: 'foo', accountId: account }, sagemaker);
  await sagemaker().send(new CreateUserProfileCommand({ DomainId, UserProfileName: 'ada' }));
  await vi.waitFor(async () => {
    const { Status } = await sagemaker().send(
      new DescribeUserProfileCommand({ DomainId, UserProfileName: 'ada' }),
    );
    expect(Status).toBe('InService');
  }, patience);
});
afterEach(() => stack.clearFaults());
afterAll(() => stack?.stop());

async function start(type: 'JupyterLab' | 'CodeEditor', InstanceType?: 'ml.m5.large'): Promise<void> {
  const key = { DomainId, UserProfileName: 'ada', AppType: type, AppName: 'default' };
  await sagemaker().send(
    new CreateAppCommand({ ...key, ...(InstanceType && { ResourceSpec: { InstanceType } }) }),
  );
}

describe('apps', () => {
  it('are told with instance, age and activity until they are stopped, by their names alone', async () => {
    expect(await foo().apps()).toEqual({ items: [], more: false });
    await start('JupyterLab');
    await start('CodeEditor', 'ml.m5.large');
    await vi.waitFor(async () => {
      expect((await foo().apps()).items.map(({ status }) => status)).toEqual(['InService', 'InService']);
    }, patience);
    const { items } = await foo().apps();
    expect(items).toEqual([
      {
        ...app('ada', 'CodeEditor'),
        status: 'InService',
        instanceType: 'ml.m5.large',
        since: expect.any(Date),
        activeAt: expect.any(Date),
      },
      {
        ...app('ada'),
        status: 'InService',
        instanceType: 'ml.t3.medium',
        since: expect.any(Date),
        activeAt: expect.any(Date),
      },
    ]);
    expect(await foo().stopApp(app('ada'))).toBe(true);
    // It may be repeated while it is on its way out.
    expect(await foo().stopApp(app('ada'))).toBe(true);
    await vi.waitFor(async () => {
      expect((await foo().apps()).items.map(({ type }) => type)).toEqual(['CodeEditor']);
    }, patience);
    expect(await foo().stopApp(app('ada'))).toBe(false);
    expect(await foo().stopApp(app('nobody'))).toBe(false);
    expect(await idle().ended()).toEqual([
      { ...app('ada'), endedAt: expect.any(Date), activeAt: expect.any(Date) },
    ]);
  });

  it.each([
    ['ThrottlingException: slow', 'throttled'],
    ['AccessDeniedException: no', 'dependency_denied'],
  ])('%s is told as it is', async (message, code) => {
    await stack.fault('request', 'sagemaker.ListApps', { message, times: 5 });
    await expect(foo().apps()).rejects.toMatchObject({ code });
    await stack.fault('request', 'sagemaker.DeleteApp', { message, times: 5 });
    await expect(foo().stopApp(app('ada', 'CodeEditor'))).rejects.toMatchObject({ code });
  });
});

describe('endpoints', () => {
  it('are told with the instances of each variant until they are stopped', async () => {
    const ExecutionRoleArn = `arn:aws:iam::${account}:role/annex-tenant`;
    const Image = '382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1';
    const ModelDataUrl = `s3://annex-foo-${account}/model.tar.gz`;
    await sagemaker().send(
      new CreateModelCommand({
        ModelName: 'm',
        ExecutionRoleArn,
        PrimaryContainer: { Image, ModelDataUrl },
      }),
    );
    const variant = { ModelName: 'm', InitialInstanceCount: 2, InstanceType: 'ml.m5.large' as const };
    await sagemaker().send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: 'c',
        ProductionVariants: [{ ...variant, VariantName: 'AllTraffic' }],
      }),
    );
    await stack.hostModel(account, 'hosted');
    await sagemaker().send(new CreateEndpointCommand({ EndpointName: 'churn', EndpointConfigName: 'c' }));
    const { items, more } = await foo().endpoints();
    expect(more).toBe(false);
    expect(items).toContainEqual({
      name: 'churn',
      status: 'Creating',
      since: expect.any(Date),
      variants: [{ name: 'AllTraffic', instanceType: 'ml.m5.large', instances: 2, serverless: false }],
    });
    expect(items).toContainEqual({
      name: 'hosted',
      status: 'InService',
      since: expect.any(Date),
      variants: [{ name: 'AllTraffic', instanceType: 'ml.t2.medium', instances: 1, serverless: false }],
    });
    expect(await foo().stopEndpoint('hosted')).toBe(true);
    await vi.waitFor(
      async () => expect((await foo().endpoints()).items.map(({ name }) => name)).not.toContain('hosted'),
      patience,
    );
    expect(await foo().stopEndpoint('hosted')).toBe(false);
  });
});

describe('idle shutdown', () => {
  it('is read and set, and the rest of the domain stays', async () => {
    expect((await idle().ofDomain(DomainId)).settings).toEqual({
      JupyterLab: { state: 'enabled', minutes: 120 },
      CodeEditor: null,
    });
    await idle().change(DomainId, { JupyterLab: { state: 'disabled', minutes: null } });
    await idle().change(DomainId, { CodeEditor: { state: 'enabled', minutes: 60 } });
    const { settings, changedAt } = await idle().ofDomain(DomainId);
    expect(settings).toEqual({
      JupyterLab: { state: 'disabled', minutes: null },
      CodeEditor: { state: 'enabled', minutes: 60 },
    });
    expect(changedAt).toBeInstanceOf(Date);
    const { DefaultUserSettings } = await sagemaker().send(new DescribeDomainCommand({ DomainId }));
    expect(DefaultUserSettings?.JupyterLabAppSettings?.DefaultResourceSpec).toEqual({
      InstanceType: 'ml.t3.medium',
    });
    expect(await idle().ofOwner(DomainId, { kind: 'profile', name: 'ada' })).toEqual({
      JupyterLab: null,
      CodeEditor: null,
    });
    await expect(idle().ofDomain('d-nowhere')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('calls of endpoints', () => {
  const endpoint = (name: string) => ({
    name,
    variants: [{ name: 'AllTraffic', instanceType: null, instances: 1, serverless: false }],
  });
  const calls = () => endpointCalls('foo', async () => account);

  it('are those of the last seven days; without a data point nobody called', async () => {
    const now = Date.now();
    for (const hoursAgo of [1, 30, 24 * 8]) {
      stack.standIn.services.cloudWatch.put(
        account,
        'AWS/SageMaker',
        'Invocations',
        { EndpointName: 'busy', VariantName: 'AllTraffic' },
        1,
        'Count',
        now - hoursAgo * 3_600_000,
      );
    }
    const asked = [endpoint('busy'), endpoint('idle'), { name: 'new', variants: [] }];
    await vi.waitFor(async () => {
      expect(await calls().ofWeek(asked, new Date(now))).toEqual(
        new Map([
          ['busy', 2],
          ['idle', 0],
          ['new', null],
        ]),
      );
    }, patience);
    expect(await calls().ofWeek([], new Date(now))).toEqual(new Map());
  });

  it('are not counted as none when CloudWatch refuses', async () => {
    const message = 'AccessDeniedException: no';
    await stack.fault('request', 'monitoring.GetMetricData', { message, times: 5 });
    await expect(calls().ofWeek([endpoint('other')], new Date())).rejects.toMatchObject({
      code: 'dependency_denied',
    });
  });
});

it('another tenant’s role reaches none of it', async () => {
  const bar = runningResources('bar', async () => account);
  await expect(bar.apps()).rejects.toMatchObject({ code: 'dependency_denied' });
  await expect(bar.stopApp(app('ada', 'CodeEditor'))).rejects.toMatchObject({ code: 'dependency_denied' });
});
