import { describe, expect, it } from 'vitest';
import { deploymentOf, ModelWorld, modelThat } from '@/lib/domain/testing/model-world';
import { AnnexError } from '@/lib/errors';
import { activateEndpoint } from './activate-endpoint';
import { activateVersion } from './activate-version';
import { backToDefault } from './back-to-default';
import { checkActiveEndpoint } from './check-active-endpoint';
import { getModel } from './get-model';
import { listVersions } from './list-versions';

const minute = 60_000;
const good = () => {
  const world = new ModelWorld();
  for (const name of ['churn-a', 'churn-b', 'churn-c']) world.endpoints.host(name, modelThat());
  return world;
};
const activate = (world: ModelWorld, endpointName: string) =>
  activateEndpoint(world.as('scientist'), { endpointName });

describe('versions', () => {
  async function three() {
    const world = good();
    for (const name of ['churn-a', 'churn-b', 'churn-c']) {
      await activate(world, name);
      world.clock += 20 * minute;
    }
    return world;
  }
  const roll = (world: ModelWorld, version: number) => activateVersion(world.as('scientist'), { version });
  const inUse = async (world: ModelWorld) =>
    (await getModel(world.as('scientist'), undefined)).active?.version ?? null;

  it('are rolled back to, and the default is gone back to, without another test of an endpoint that stands unchanged', async () => {
    const world = await three();
    const tests = world.reports.length;
    expect(await roll(world, 1)).toMatchObject({ version: 1 });
    expect(await inUse(world)).toBe(1);
    await backToDefault(world.as('scientist'), undefined);
    expect(await inUse(world)).toBeNull();
    await backToDefault(world.as('scientist'), undefined);
    await roll(world, 3);
    expect(world.registry.log.map(({ version }) => version)).toEqual([1, 2, 3, 1, null, 3]);
    expect(world.reports).toHaveLength(tests);
    expect(world.audit.filter(({ action }) => action === 'models.activate')).toHaveLength(6);
    expect((await getModel(world.as('scientist'), undefined)).activations[0]).toMatchObject({ version: 3 });
  });

  it('whose endpoint is gone, or turned bad, are refused, and what is in use stays', async () => {
    const world = await three();
    await expect(roll(world, 9)).rejects.toMatchObject({ code: 'not_found' });
    world.endpoints.described.delete('churn-b');
    await expect(roll(world, 2)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('churn-b no longer exists'),
    });
    world.endpoints.host(
      'churn-b',
      modelThat((v) => v.toReversed()),
      { changedAt: new Date(world.clock) },
    );
    await expect(roll(world, 2)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Order preserved'),
    });
    expect(await inUse(world)).toBe(3);
    world.endpoints.host('churn-b', modelThat(), { changedAt: new Date(world.clock) });
    expect(await roll(world, 2)).toMatchObject({ version: 2 });
  });

  it('are what was tested, not whatever the endpoint serves by now', async () => {
    const world = good();
    await activate(world, 'churn-a');
    world.clock += minute;
    world.endpoints.host('churn-a', modelThat(), { deployment: deploymentOf('churn-a-2') });
    expect(await activate(world, 'churn-a')).toMatchObject({ version: 2 });
    const tests = world.reports.length;
    world.endpoints.deletedConfigs.add('churn-a-1');
    await expect(roll(world, 1)).rejects.toMatchObject({
      code: 'conflict',
      message:
        'Version 1 can’t be activated: churn-a no longer serves the model that was tested as version 1 (it serves the configuration churn-a-2; version 1 was churn-a-1). churn-a-1 is not there. Test what the endpoint serves now and activate it as a new version. Nothing was changed.',
    });
    expect(await inUse(world)).toBe(2);
    world.endpoints.host('churn-a', modelThat(), {
      deployment: deploymentOf('churn-a-2'),
      pendingConfigName: 'churn-a-1',
      status: 'Updating',
    });
    await expect(roll(world, 2)).rejects.toMatchObject({
      message: expect.stringContaining('is being updated from what was tested as version 2'),
    });
    expect(world.reports).toHaveLength(tests);
    world.endpoints.host('churn-a', modelThat(), { changedAt: new Date(world.clock) });
    world.clock += minute;
    expect(await roll(world, 1)).toMatchObject({ version: 1 });
    expect(await inUse(world)).toBe(1);
    expect(world.reports).toHaveLength(tests + 1);
  });

  it('of which nobody knows what was tested are tested and activated anew', async () => {
    const world = good();
    const made = await activate(world, 'churn-a');
    world.registry.kept[0] = { ...made, report: { ...made.report, deployment: null } };
    await expect(roll(world, 1)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(
        'Annex has no record of what churn-a served when it was tested as version 1. Test what the endpoint serves now',
      ),
    });
  });

  it('whose endpoint is deployed anew in the middle of their test are not activated', async () => {
    const world = good();
    await activate(world, 'churn-a');
    await backToDefault(world.as('scientist'), undefined);
    world.endpoints.host('churn-a', modelThat(), { changedAt: new Date(world.clock + 1) });
    world.clock += minute;
    world.endpoints.fault = () => {
      world.endpoints.host('churn-a', modelThat(), { deployment: deploymentOf('churn-a-2') });
      return null;
    };
    await expect(roll(world, 1)).rejects.toMatchObject({
      message: expect.stringContaining('Same model during the whole test'),
    });
    expect(await inUse(world)).toBeNull();
  });

  it('are listed newest first, in pages', async () => {
    const world = await three();
    const page = await listVersions(world.as('scientist'), { limit: 2 });
    expect(page.versions.map(({ version }) => version)).toEqual([3, 2]);
    expect(page).toMatchObject({ next: 2, previous: null, place: { first: 1, total: 3 } });
    const read = (before: number) => listVersions(world.as('scientist'), { limit: 1, before });
    expect(await read(2)).toMatchObject({
      versions: [{ version: 1 }],
      next: null,
      previous: 3,
      place: { first: 3, total: 3 },
    });
    expect(await read(3)).toMatchObject({ versions: [{ version: 2 }], next: 2, previous: 'first' });
    expect(await read(9)).toMatchObject({ versions: [{ version: 3 }], previous: null });
    expect(await read(1)).toEqual({ versions: [], next: null, previous: null, place: null });
  });

  it('go back to the default with AWS away', async () => {
    const world = await three();
    const { ports, ...rest } = world.as('scientist');
    const away = new Proxy(ports.endpoints, {
      get: () => () => Promise.reject(new AnnexError('dependency_failed', 'away')),
    });
    await backToDefault({ ...rest, ports: { ...ports, endpoints: away } }, undefined);
    expect(await inUse(world)).toBeNull();
  });
});

it('tells the state of the active version’s endpoint', async () => {
  const world = good();
  const look = () => checkActiveEndpoint(world.as('scientist'), undefined);
  expect(await look()).toEqual({ state: 'none', status: null, reason: null });
  await activate(world, 'churn-a');
  expect(await look()).toEqual({ state: 'in service', status: 'InService', reason: null });
  world.endpoints.host('churn-a', modelThat(), { status: 'Updating' });
  expect(await look()).toEqual({ state: 'not in service', status: 'Updating', reason: null });
  const failureReason = 'It did not pass the ping health check.';
  world.endpoints.host('churn-a', modelThat(), { failureReason });
  expect(await look()).toEqual({ state: 'in service', status: 'InService', reason: failureReason });
  world.endpoints.host('churn-a', modelThat(), { deployment: deploymentOf('churn-a-1', new Date(1)) });
  expect(await look()).toEqual({
    state: 'another model',
    status: 'InService',
    reason: expect.stringContaining('churn-a-1 was deployed again'),
  });
  const nothing = { ...deploymentOf('churn-a-1'), variants: [] };
  world.endpoints.host('churn-a', modelThat(), { deployment: nothing, status: 'Failed' });
  expect(await look()).toMatchObject({
    state: 'another model',
    reason: 'churn-a serves no model: SageMaker reports it as Failed.',
  });
  world.endpoints.described.delete('churn-a');
  expect(await look()).toEqual({ state: 'gone', status: null, reason: null });
});
