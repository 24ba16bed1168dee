import { beforeEach, expect, it } from 'vitest';
import { siloRoleArn } from '@/local/aws-names';
import type { Caller } from '../core/service';
import { createFakeClient } from '../testing/fake-client';
import { type FakeStandIn, fakeStandIn, tenantCaller } from '../testing/fake-stand-in';
import { images } from '../testing/sagemaker-steps';

let fake: FakeStandIn;
let foo: Caller;
let bar: Caller;

beforeEach(async () => {
  fake = fakeStandIn();
  const client = createFakeClient(fake);
  foo = tenantCaller(await client.accountOf('token-1', 'foo'), 'foo');
  bar = tenantCaller(await client.accountOf('token-2', 'bar'), 'bar');
});

const call = (operation: string, input: object, caller: Caller) =>
  fake.call<object>('sagemaker', operation, input, caller);

async function configured(caller: Caller, tenant: string, instances: number): Promise<void> {
  const model = {
    ModelName: 'churn',
    PrimaryContainer: {
      Image: images.xgboost,
      ModelDataUrl: `s3://annex-${tenant}-${caller.accountId}/m.tar.gz`,
    },
    ExecutionRoleArn: siloRoleArn(caller.accountId),
  };
  const variant = {
    VariantName: 'AllTraffic',
    ModelName: 'churn',
    InitialInstanceCount: instances,
    InstanceType: 'ml.m5.large',
  };
  await call('CreateModel', model, caller);
  await call('CreateEndpointConfig', { EndpointConfigName: 'churn', ProductionVariants: [variant] }, caller);
}

const endpoint = (name: string, caller: Caller) =>
  call('CreateEndpoint', { EndpointName: name, EndpointConfigName: 'churn' }, caller);

it('gives an account 20 instances for endpoints, however many are asked for at once', async () => {
  await Promise.all([configured(foo, 'foo', 3), configured(bar, 'bar', 20)]);
  const asked = await Promise.allSettled(
    Array.from({ length: 40 }, (_, index) => endpoint(`e${index}`, foo)),
  );
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
  await expect(endpoint('one-more', foo)).rejects.toMatchObject({
    code: 'ResourceLimitExceeded',
    message: expect.stringContaining(
      "'Number of instances across active endpoints' is 20 Instances, with current utilization of 18 Instances and a request delta of 3 Instances.",
    ),
  });
  await endpoint('churn', bar);
});

it('gives an account 20 instances for training jobs', async () => {
  const train = (name: string, count: number, caller = foo, tenant = 'foo') =>
    call(
      'CreateTrainingJob',
      {
        TrainingJobName: name,
        AlgorithmSpecification: { TrainingImage: images.xgboost, TrainingInputMode: 'File' },
        RoleArn: siloRoleArn(caller.accountId),
        OutputDataConfig: { S3OutputPath: `s3://annex-${tenant}-${caller.accountId}/models` },
        ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: count, VolumeSizeInGB: 5 },
        StoppingCondition: { MaxRuntimeInSeconds: 600 },
      },
      caller,
    );
  await expect(train('none', 0)).rejects.toMatchObject({ code: 'ValidationException' });
  const asked = await Promise.allSettled(Array.from({ length: 30 }, (_, index) => train(`j${index}`, 2)));
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  await expect(train('one-more', 1)).rejects.toMatchObject({ code: 'ResourceLimitExceeded' });
  await train('theirs', 20, bar, 'bar');
});
