import { describe, expect, it } from 'vitest';
import { deploymentOf, type FakeModel, ModelWorld, modelThat } from '@/lib/domain/testing/model-world';
import { AnnexError } from '@/lib/errors';
import { activateEndpoint } from './activate-endpoint';
import { activateVersion } from './activate-version';
import { backToDefault } from './back-to-default';
import { finishRollBack } from './finish-roll-back';
import { getModel } from './get-model';

const minute = 60_000;

/** Two versions of one endpoint; the newer one is served and active. */
async function twoVersions(): Promise<ModelWorld> {
  const world = new ModelWorld();
  for (const configName of ['churn-1', 'churn-2']) {
    world.endpoints.host('churn', modelThat(), { deployment: deploymentOf(configName) });
    await activateEndpoint(world.as('scientist'), { endpointName: 'churn' });
    world.clock += minute;
  }
  world.messages.length = 0;
  return world;
}

const press = (world: ModelWorld) => activateVersion(world.as('scientist'), { version: 1 });
const inUse = async (world: ModelWorld) =>
  (await getModel(world.as('scientist'), undefined)).active?.version ?? null;

/** Runs the job sent last, as the worker would. */
async function worker(world: ModelWorld) {
  const job = world.messages.at(-1)?.job;
  if (job?.kind !== 'models.roll-back') throw new Error('there is no job');
  world.clock += 1000;
  return finishRollBack(world.as('system', 'Annex'), job);
}

/** SageMaker has finished: the endpoint serves `configName`. */
function deployed(world: ModelWorld, configName: string, model: FakeModel = modelThat()): void {
  world.endpoints.host('churn', model, {
    deployment: deploymentOf(configName),
    changedAt: new Date(world.clock),
  });
}

describe('going back to a version that is no longer served', () => {
  it('has SageMaker deploy it, and is done when it passes there', async () => {
    const world = await twoVersions();
    expect(await press(world)).toMatchObject({ version: 1, inUse: false });
    expect(world.endpoints.described.get('churn')).toMatchObject({ pendingConfigName: 'churn-1' });
    expect(world.messages.map(({ job, delaySeconds }) => ({ job, delaySeconds }))).toEqual([
      { job: expect.objectContaining({ kind: 'models.roll-back', version: 1 }), delaySeconds: 20 },
    ]);
    expect(world.audit.at(-1)).toMatchObject({
      action: 'models.roll-back',
      subject: 'endpoint/churn',
      detail: { version: 1, configuration: 'churn-1' },
    });
    expect(await worker(world)).toBe('waiting');
    expect(world.messages.at(-1)?.delaySeconds).toBe(5);
    expect(await inUse(world)).toBe(2);

    deployed(world, 'churn-1');
    const job = world.messages.at(-1);
    expect(await worker(world)).toBe('active');
    expect(await inUse(world)).toBe(1);
    expect(world.registry.log.at(-1)).toMatchObject({ by: 'ada@foo.example' });
    expect(world.audit.slice(-2)).toMatchObject([
      { action: 'models.test', detail: { passed: true }, actorName: 'ada@foo.example' },
      { action: 'models.activate', subject: 'model/1', actorName: 'ada@foo.example' },
    ]);
    expect(world.messages.slice(-2).map((sent) => sent.job.kind)).toEqual([
      'scores.refresh',
      'scores.refresh',
    ]);
    // The queue delivers a job at least once.
    if (job) world.messages.push(job);
    expect(await worker(world)).toBe('given up');
    expect(world.registry.kept).toHaveLength(2);
  });

  it('works for the active version when another model was deployed over it', async () => {
    const world = await twoVersions();
    deployed(world, 'churn-3');
    expect(await activateVersion(world.as('scientist'), { version: 2 })).toMatchObject({ inUse: false });
    deployed(world, 'churn-2');
    expect(await worker(world)).toBe('active');
    expect(await inUse(world)).toBe(2);
    expect(world.registry.log).toHaveLength(2);
    expect(world.messages.at(-1)?.job.kind).toBe('scores.refresh');
  });

  it('pressed again meanwhile starts nothing more', async () => {
    const world = await twoVersions();
    await press(world);
    await expect(press(world)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(
        'SageMaker reports the endpoint as Updating and can’t deploy anything else until it is in service.',
      ),
    });
    expect(world.messages).toHaveLength(1);
  });

  it('changes nothing when SageMaker could not deploy it, or it does not pass there', async () => {
    for (const [configName, model] of [
      ['churn-2', modelThat()],
      ['churn-1', modelThat((values) => values.toReversed())],
    ] as const) {
      const world = await twoVersions();
      await press(world);
      deployed(world, configName, model);
      expect(await worker(world)).toBe('given up');
      expect(await inUse(world)).toBe(2);
      const end = world.audit.filter(({ result }) => result === 'failed');
      expect(end).toMatchObject([
        {
          action: 'models.roll-back',
          subject: 'model/1',
          detail: { version: 1, reason: expect.any(String) },
        },
      ]);
    }
  });

  it('gives way to a version that a person activates meanwhile', async () => {
    const world = await twoVersions();
    await press(world);
    world.clock += 1000;
    await backToDefault(world.as('scientist'), undefined);
    const job = world.messages.find((sent) => sent.job.kind === 'models.roll-back');
    if (job) world.messages.push(job);
    deployed(world, 'churn-1');
    expect(await worker(world)).toBe('given up');
    expect(await inUse(world)).toBeNull();
  });

  it('says so when SageMaker refuses or does not answer', async () => {
    const world = await twoVersions();
    world.endpoints.deployAgain = () =>
      Promise.reject(new AnnexError('conflict', 'Could not find model "churn-1".'));
    await expect(press(world)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        /Could not find model "churn-1"\. Test what the endpoint serves now .*Nothing was changed\.$/,
      ),
    });
    world.endpoints.deployAgain = () => Promise.reject(new AnnexError('dependency_denied', 'AWS refused.'));
    await expect(press(world)).rejects.toMatchObject({ code: 'dependency_denied' });
    expect(await worker(world)).toBe('given up');
    expect(await inUse(world)).toBe(2);
  });

  it('is finished by the worker alone', async () => {
    const world = await twoVersions();
    await press(world);
    const asked = { at: new Date(world.clock).toISOString(), by: { id: 'x', name: 'x' } };
    await expect(finishRollBack(world.as('scientist'), { version: 1, asked })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
