import type {
  CreatePresignedDomainUrlResponse,
  DescribeAppResponse,
  DescribeDomainResponse,
  DescribeModelOutput,
  DescribeUserProfileResponse,
  ListModelsOutput,
  ListTagsOutput,
  ListUserProfilesResponse,
} from '@aws-sdk/client-sagemaker';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../core/service';
import { createFakeClient } from '../testing/fake-client';
import { type FakeStandIn, fakeStandIn, tenantCaller } from '../testing/fake-stand-in';

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

const call = <T = object>(operation: string, input: object = {}, caller: Caller = foo): Promise<T> =>
  fake.call<T>('sagemaker', operation, input, caller);

async function profileUp(UserProfileName = 'ada'): Promise<void> {
  await call('CreateUserProfile', { DomainId, UserProfileName });
  await fake.settle();
}

describe('domains', () => {
  it('are described with what was chosen', async () => {
    const domain = await call<DescribeDomainResponse>('DescribeDomain', { DomainId });
    expect(DomainId).toMatch(/^d-[a-z0-9]{12}$/);
    expect(domain).toMatchObject({
      AuthMode: 'IAM',
      Status: 'InService',
      Url: `http://studio.localhost:4566/studio/${DomainId}/`,
      DefaultUserSettings: {
        JupyterLabAppSettings: {
          DefaultResourceSpec: { InstanceType: 'ml.t3.large' },
          AppLifecycleManagement: { IdleSettings: { IdleTimeoutInMinutes: 120 } },
        },
      },
    });
    expect(typeof domain.CreationTime).toBe('number');
    const tags = await call<ListTagsOutput>('ListTags', { ResourceArn: domain.DomainArn });
    expect(tags.Tags).toContainEqual({ Key: 'TenantId', Value: 'foo' });
  });

  it('of another tenant do not exist', async () => {
    const bar = tenantCaller(await createFakeClient(fake).accountOf('token-2', 'bar'), 'bar');
    const profile = { DomainId, UserProfileName: 'ada' };
    await profileUp();
    for (const [operation, input] of [
      ['DescribeDomain', { DomainId }],
      ['CreateUserProfile', profile],
      ['DescribeUserProfile', profile],
      ['CreatePresignedDomainUrl', profile],
    ] as const) {
      await expect(call(operation, input, bar), operation).rejects.toMatchObject({
        code: 'ResourceNotFound',
      });
    }
  });
});

describe('user profiles', () => {
  it('come up, are listed, and are made once', async () => {
    const input = { DomainId, UserProfileName: 'ada' };
    await call('CreateUserProfile', input);
    expect(await call<DescribeUserProfileResponse>('DescribeUserProfile', input)).toMatchObject({
      Status: 'Pending',
    });
    await fake.settle();
    expect(await call<DescribeUserProfileResponse>('DescribeUserProfile', input)).toMatchObject({
      Status: 'InService',
    });
    await expect(call('CreateUserProfile', input)).rejects.toMatchObject({ code: 'ResourceInUse' });
    await profileUp('grace');
    const page = await call<ListUserProfilesResponse>('ListUserProfiles', {
      DomainIdEquals: DomainId,
      MaxResults: 1,
    });
    const rest = await call<ListUserProfilesResponse>('ListUserProfiles', {
      DomainIdEquals: DomainId,
      NextToken: page.NextToken,
    });
    const names = [page, rest].flatMap(({ UserProfiles = [] }) =>
      UserProfiles.map((each) => each.UserProfileName),
    );
    expect(names.sort()).toEqual(['ada', 'grace']);
  });

  it('of two requests at once, one makes it', async () => {
    const input = { DomainId, UserProfileName: 'ada' };
    const made = await Promise.allSettled([
      call('CreateUserProfile', input),
      call('CreateUserProfile', input),
    ]);
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it.each(['ada@foo.example', '-ada', 'a'.repeat(64), ''])('refuse the name %j', async (UserProfileName) => {
    await expect(call('CreateUserProfile', { DomainId, UserProfileName })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining('userProfileName'),
    });
  });

  it('survive a stop on their way, and are deleted once their apps are', async () => {
    const input = { DomainId, UserProfileName: 'ada' };
    await call('CreateUserProfile', input);
    fake = fakeStandIn(fake.kept);
    await fake.start();
    await fake.settle();
    expect(await call<DescribeUserProfileResponse>('DescribeUserProfile', input)).toMatchObject({
      Status: 'InService',
    });
    const app = { ...input, AppType: 'JupyterLab', AppName: 'default' };
    await call('CreateApp', app);
    await expect(call('CreateApp', app)).rejects.toMatchObject({ code: 'ResourceInUse' });
    await fake.settle();
    expect(await call<DescribeAppResponse>('DescribeApp', app)).toMatchObject({ Status: 'InService' });
    await expect(call('DeleteUserProfile', input)).rejects.toMatchObject({ code: 'ResourceInUse' });
    await call('DeleteApp', app);
    await fake.settle();
    expect(await call<DescribeAppResponse>('DescribeApp', app)).toMatchObject({ Status: 'Deleted' });
    await call('DeleteUserProfile', input);
    await fake.settle();
    await expect(call('DescribeUserProfile', input)).rejects.toMatchObject({ code: 'ResourceNotFound' });
  });
});

describe('presigned URLs', () => {
  it('carry a token of 256 bits that the state does not hold', async () => {
    await profileUp();
    const input = { DomainId, UserProfileName: 'ada', ExpiresInSeconds: 20 };
    const { AuthorizedUrl = '' } = await call<CreatePresignedDomainUrlResponse>(
      'CreatePresignedDomainUrl',
      input,
    );
    const url = new URL(AuthorizedUrl);
    expect(url.href).toContain(`http://studio.localhost:4566/studio/${DomainId}/auth?token=`);
    const token = url.searchParams.get('token') ?? '';
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect([...fake.kept.documents].flat().join()).not.toContain(token);
  });

  it('need a profile that is there and up', async () => {
    const input = { DomainId, UserProfileName: 'ada' };
    await expect(call('CreatePresignedDomainUrl', input)).rejects.toMatchObject({ code: 'ResourceNotFound' });
    await call('CreateUserProfile', input);
    await expect(call('CreatePresignedDomainUrl', input)).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  it.each([{ ExpiresInSeconds: 4 }, { ExpiresInSeconds: 301 }, { SessionExpirationDurationInSeconds: 1799 }])(
    'refuse %j',
    async (limits) => {
      await profileUp();
      const asked = call('CreatePresignedDomainUrl', { DomainId, UserProfileName: 'ada', ...limits });
      await expect(asked).rejects.toMatchObject({ code: 'ValidationException' });
    },
  );
});

it('authorizes every operation on the ARN of what it is about', async () => {
  const input = { DomainId, UserProfileName: 'ada', AppType: 'JupyterLab', AppName: 'default' };
  const ResourceArn = `arn:aws:sagemaker:us-east-1:${foo.accountId}:domain/${DomainId}`;
  const operations = [
    'ListDomains',
    'DescribeDomain',
    'CreateUserProfile',
    'DescribeUserProfile',
    'ListUserProfiles',
  ];
  const more = [
    'DeleteUserProfile',
    'CreatePresignedDomainUrl',
    'ListApps',
    'DescribeApp',
    'CreateApp',
    'DeleteApp',
    'ListTags',
    'UpdateDomain',
  ];
  for (const operation of [...operations, ...more]) {
    fake.deny(`sagemaker:${operation}`);
    await expect(call(operation, { ...input, ResourceArn }), operation).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
  }
});

it('authorizes every operation on training and hosting on the ARN of what it is about', async () => {
  const names = {
    TrainingJobName: 'churn',
    ModelName: 'churn',
    EndpointConfigName: 'churn',
    EndpointName: 'churn',
  };
  const operations = ['TrainingJob', 'Model', 'EndpointConfig', 'Endpoint'].flatMap((kind) => [
    `Create${kind}`,
    `Describe${kind}`,
    `List${kind}s`,
    kind === 'TrainingJob' ? 'StopTrainingJob' : `Delete${kind}`,
  ]);
  for (const operation of [...operations, 'UpdateEndpoint']) {
    fake.deny(`sagemaker:${operation}`);
    await expect(call(operation, names), operation).rejects.toMatchObject({ code: 'AccessDeniedException' });
  }
});

describe('a model and a configuration', () => {
  const model = (ModelName: string) => ({
    ModelName,
    ExecutionRoleArn: `arn:aws:iam::${foo.accountId}:role/annex-tenant`,
    PrimaryContainer: { Image: 'x/linear-learner:1', ModelDataUrl: 's3://annex-foo/model.tar.gz' },
    Tags: [{ Key: 'Team', Value: 'churn' }],
  });
  const variant = {
    VariantName: 'one',
    ModelName: 'm1',
    InstanceType: 'ml.t2.medium',
    InitialInstanceCount: 1,
  };

  it('are made once, described as they were sent, listed and deleted', async () => {
    await call('CreateModel', model('m1'));
    await expect(call('CreateModel', model('m1'))).rejects.toThrow('Cannot create already existing model');
    const described = await call<DescribeModelOutput>('DescribeModel', { ModelName: 'm1' });
    expect(described).toMatchObject({ PrimaryContainer: model('m1').PrimaryContainer });
    const { Tags } = await call<ListTagsOutput>('ListTags', { ResourceArn: described.ModelArn });
    expect(Tags).toEqual(model('m1').Tags);
    const config = { EndpointConfigName: 'c1', ProductionVariants: [variant] };
    await call('CreateEndpointConfig', config);
    expect(await call('DescribeEndpointConfig', config)).toMatchObject(config);
    await call('DeleteEndpointConfig', config);
    await call('DeleteModel', { ModelName: 'm1' });
    expect(await call('ListModels')).toMatchObject({ Models: [] });
    await expect(call('DescribeModel', { ModelName: 'm1' })).rejects.toThrow('Could not find model');
  });

  it('are listed in the order asked for, page by page', async () => {
    for (const name of ['b', 'a', 'c']) await call('CreateModel', model(name));
    const page = await call<ListModelsOutput>('ListModels', {
      SortBy: 'Name',
      SortOrder: 'Ascending',
      MaxResults: 2,
    });
    expect(page.Models?.map(({ ModelName }) => ModelName)).toEqual(['a', 'b']);
    const { NextToken } = page;
    const rest = await call<ListModelsOutput>('ListModels', {
      SortBy: 'Name',
      SortOrder: 'Ascending',
      NextToken,
    });
    expect(rest.Models?.map(({ ModelName }) => ModelName)).toEqual(['c']);
    await expect(call('ListModels', { SortBy: 'Size' })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  it.each([
    [{ ProductionVariants: [] }, 'productionVariants'],
    [{ ProductionVariants: [variant] }, 'Could not find model'],
    [{ ProductionVariants: [{ ...variant, ServerlessConfig: { MemorySizeInMB: 2048 } }] }, 'Serverless'],
    [{ ProductionVariants: [variant], DataCaptureConfig: { DestinationS3Uri: 'here' } }, 'destinationS3Uri'],
  ])('refuse %j', async (input, reason) => {
    await expect(call('CreateEndpointConfig', { EndpointConfigName: 'c1', ...input })).rejects.toThrow(
      reason,
    );
  });

  it('take no role that SageMaker may not use', async () => {
    const other = { ...model('m2'), ExecutionRoleArn: `arn:aws:iam::${foo.accountId}:role/nobody` };
    await expect(call('CreateModel', other)).rejects.toThrow('Could not assume role');
    const foreign = { ...model('m2'), ExecutionRoleArn: 'arn:aws:iam::999999999999:role/annex-tenant' };
    await expect(call('CreateModel', foreign)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });
});
