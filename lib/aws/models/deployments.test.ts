import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from 'vitest';
import type { OneTryRuntimeClient } from './invoke-endpoint';
import { modelEndpointsOf } from './model-endpoints';

const madeAt = new Date('2026-03-01T08:00:00Z');
const variant = (VariantName: string, CurrentWeight: number, CurrentInstanceCount = 1) => ({
  VariantName,
  CurrentWeight,
  CurrentInstanceCount,
  DeployedImages: [{ SpecifiedImage: 'xgboost:1', ResolvedImage: `xgboost@sha256:${VariantName}` }],
});

/** The endpoints of a SageMaker that describes `endpoint`, and fails an update with `refusal`. */
function endpointsThat(endpoint: object, refusal?: Error) {
  const answers: Readonly<Record<string, object>> = {
    DescribeEndpointCommand: { EndpointName: 'churn', EndpointConfigName: 'churn-1', ...endpoint },
    DescribeEndpointConfigCommand: { CreationTime: madeAt },
  };
  const send = async (command: object) => {
    if (command.constructor.name === 'UpdateEndpointCommand') throw refusal;
    return answers[command.constructor.name];
  };
  const sagemaker = { send } as unknown as SageMakerClient;
  return modelEndpointsOf(async () => ({
    sagemaker,
    runtime: {} as OneTryRuntimeClient,
    cloudWatch: {} as CloudWatchClient,
  }));
}

/** What is said to be served when SageMaker describes these variants. */
const deployment = async (...ProductionVariants: readonly ReturnType<typeof variant>[]) =>
  (await endpointsThat({ ProductionVariants }).deployed('churn'))?.deployment;

describe('what an endpoint serves', () => {
  it('stays the same with more or fewer instances, and in any order', async () => {
    const before = await deployment(variant('blue', 1), variant('green', 0.5));
    expect(before).toEqual({
      configName: 'churn-1',
      configCreatedAt: madeAt,
      variants: [
        { name: 'blue', image: 'xgboost@sha256:blue' },
        { name: 'green', image: 'xgboost@sha256:green' },
      ],
    });
    expect(await deployment(variant('green', 0.5, 7), variant('blue', 1, 3))).toEqual(before);
  });

  it('is another when requests go to another variant', async () => {
    const before = await deployment(variant('blue', 1), variant('green', 0));
    expect(before?.variants.map(({ name }) => name)).toEqual(['blue']);
    expect(await deployment(variant('blue', 0), variant('green', 1))).not.toEqual(before);
  });
});

describe('deploying again', () => {
  const wanted = { configName: 'churn-2', configCreatedAt: madeAt, variants: [] };
  const refusalOf = (attempts: number) =>
    Object.assign(new Error('Cannot update in-progress endpoint.'), {
      name: 'ValidationException',
      $metadata: { httpStatusCode: 400, attempts },
    });
  const pending = (EndpointConfigName: string) => ({ PendingDeploymentSummary: { EndpointConfigName } });

  it.each([
    ['is on its way', pending('churn-2')],
    ['is through', { EndpointConfigName: 'churn-2' }],
  ])('has succeeded when the answer of a first try is lost and its deployment %s', async (_, endpoint) => {
    const deploying = endpointsThat(endpoint, refusalOf(2)).deployAgain('churn', wanted);
    await expect(deploying).resolves.toBeUndefined();
  });

  it.each([
    ['nothing is deployed', {}, 2],
    ['something else is deployed', { EndpointConfigName: 'churn-2', ...pending('churn-3') }, 2],
    ['the only try was refused', pending('churn-2'), 1],
  ])('is a conflict when %s', async (_, endpoint, attempts) => {
    const deploying = endpointsThat(endpoint, refusalOf(attempts)).deployAgain('churn', wanted);
    await expect(deploying).rejects.toMatchObject({ code: 'conflict' });
  });
});
