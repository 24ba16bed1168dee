import { DeleteEndpointConfigCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { tenantClient } from '../core/clients';
import { modelEndpoints } from './model-endpoints';

const account = '222222222222';
let stack: ProductAws;

beforeAll(async () => {
  // A deployment that is under way stays so.
  stack = await startProductAws({ stepMs: 600_000 });
  await stack.vend('foo', account);
});
afterAll(() => stack?.stop());

const foo = modelEndpoints('foo', async () => account);
const host = (name: string, configName: string) =>
  stack.hostModel(account, name, { kind: 'good' }, configName);

describe('the deployment behind a name', () => {
  it('tells what an endpoint serves: the same until something else is deployed', async () => {
    await host('deployed', 'deployed-1');
    const first = await foo.deployed('deployed');
    expect(first).toMatchObject({
      name: 'deployed',
      variants: [{ name: 'AllTraffic', instances: 1 }],
      deployment: {
        configName: 'deployed-1',
        configCreatedAt: expect.any(Date),
        variants: [{ name: 'AllTraffic', image: expect.stringMatching(/\/test-model@sha256:[0-9a-f]{64}$/) }],
      },
      pendingConfigName: null,
    });
    expect((await foo.deployed('deployed'))?.deployment).toEqual(first?.deployment);
    await host('deployed', 'deployed-2');
    expect(await foo.deployed('deployed')).toMatchObject({
      deployment: { configName: 'deployed-2' },
    });
    const sagemaker = tenantClient(SageMakerClient, { kind: 'silo', tenantId: 'foo', accountId: account });
    await sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'deployed-1' }));
    await host('deployed', 'deployed-1');
    const anew = await foo.deployed('deployed');
    expect(anew?.deployment.configName).toBe('deployed-1');
    expect(anew?.deployment).not.toEqual(first?.deployment);
    await sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'deployed-1' }));
    expect((await foo.deployed('deployed'))?.deployment.configCreatedAt).toBeNull();
    expect(await foo.deployed('nowhere')).toBeNull();
  });

  it('has SageMaker deploy a configuration again, when it is there as it was', async () => {
    await host('again', 'again-1');
    const first = (await foo.deployed('again'))?.deployment;
    await host('again', 'again-2');
    if (!first) throw new Error('there is no endpoint');
    await expect(foo.deployAgain('again', { ...first, configName: 'never' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(foo.deployAgain('again', { ...first, configCreatedAt: new Date(0) })).rejects.toMatchObject({
      code: 'not_found',
    });
    await foo.deployAgain('again', first);
    expect(await foo.deployed('again')).toMatchObject({
      status: 'Updating',
      deployment: { configName: 'again-2' },
      pendingConfigName: 'again-1',
    });
    await expect(foo.deployAgain('again', first)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('in-progress'),
    });
  });
});
