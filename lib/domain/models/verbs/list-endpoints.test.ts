import { describe, expect, it } from 'vitest';
import { ModelWorld, modelThat } from '@/lib/domain/testing/model-world';
import { listEndpoints } from './list-endpoints';
import { testEndpoint } from './test-endpoint';

const good = () => {
  const world = new ModelWorld();
  for (const name of ['churn-a', 'churn-b', 'bad']) {
    world.endpoints.host(name, name === 'bad' ? modelThat((values) => values.slice(1)) : modelThat());
  }
  return world;
};

describe('listEndpoints', () => {
  const list = (world: ModelWorld, input = {}) => listEndpoints(world.as('scientist'), input);

  it('says that there is no workbench to have endpoints in', async () => {
    const world = good();
    for (const [state, workbench] of [
      [null, 'none'],
      ['provisioning', 'provisioning'],
      ['failed', 'failed'],
    ] as const) {
      world.workbench = state;
      expect(await list(world)).toEqual({ state: 'no-workbench', workbench });
    }
  });

  it('lists each endpoint with its newest report, in pages', async () => {
    const world = good();
    await testEndpoint(world.as('scientist'), { endpointName: 'bad' });
    const page = await list(world, { limit: 2 });
    expect(page).toMatchObject({
      state: 'listed',
      endpoints: [
        { name: 'bad', status: 'InService', report: { passed: false } },
        { name: 'churn-a', report: null },
      ],
      next: 'churn-a',
    });
    expect(await list(world, { limit: 2, after: 'churn-a' })).toMatchObject({
      endpoints: [{ name: 'churn-b' }],
      next: null,
    });
  });
});
