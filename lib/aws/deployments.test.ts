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

/** What is said to be served when SageMaker describes these variants. */
async function deployment(...ProductionVariants: readonly ReturnType<typeof variant>[]) {
  const answers: Readonly<Record<string, object>> = {
    DescribeEndpointCommand: { EndpointName: 'churn', EndpointConfigName: 'churn-1', ProductionVariants },
    DescribeEndpointConfigCommand: { CreationTime: madeAt },
  };
  const sagemaker = { send: async (command: object) => answers[command.constructor.name] };
  const clients = { sagemaker: sagemaker as unknown as SageMakerClient, runtime: {} as OneTryRuntimeClient };
  return (await modelEndpointsOf(async () => clients).deployed('churn'))?.deployment;
}

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
