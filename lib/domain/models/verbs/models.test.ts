import { describe, expect, it } from 'vitest';
import { Crash } from '@/lib/domain/testing/crash';
import { deploymentOf, ModelWorld, modelThat } from '@/lib/domain/testing/model-world';
import { AnnexError } from '@/lib/errors';
import { activateEndpoint } from './activate-endpoint';
import { backToDefault } from './back-to-default';
import { getModel } from './get-model';
import { getReport } from './get-report';
import { testEndpoint } from './test-endpoint';

const minute = 60_000;
const good = () => {
  const world = new ModelWorld();
  world.endpoints
    .host('churn-a', modelThat())
    .host('churn-b', modelThat())
    .host(
      'bad',
      modelThat((v) => v.slice(1)),
    );
  return world;
};
const activate = (world: ModelWorld, endpointName: string) =>
  activateEndpoint(world.as('scientist'), { endpointName });
const refreshes = (world: ModelWorld) =>
  world.messages.map(({ job, delaySeconds }) => `${job.kind} ${delaySeconds}`);

describe('testEndpoint', () => {
  it('keeps the report of good and bad models, and writes audit rows', async () => {
    const world = good();
    for (const [endpointName, passed] of [
      ['churn-a', true],
      ['bad', false],
      ['gone', false],
    ] as const) {
      expect(await testEndpoint(world.as('scientist'), { endpointName })).toMatchObject({ passed });
      expect(await getReport(world.as('scientist'), { endpointName })).toMatchObject({
        report: { passed, endpointName },
        version: null,
      });
    }
    expect(await getReport(world.as('scientist'), { endpointName: 'other' })).toBeNull();
    expect(world.audit.map(({ action, subject, detail }) => [action, subject, detail])).toEqual([
      ['models.test', 'endpoint/churn-a', { passed: true }],
      ['models.test', 'endpoint/bad', { passed: false }],
      ['models.test', 'endpoint/gone', { passed: false }],
    ]);
  });

  it.each(['', 'https://evil.example', '../x', '-a', 'a-', 'a'.repeat(64), 'a/b', 'ünï', 'a\nb'])(
    'takes no %j for a name',
    async (endpointName) => {
      const world = good();
      await expect(testEndpoint(world.as('scientist'), { endpointName })).rejects.toMatchObject({
        code: 'invalid',
        fields: { endpointName: expect.any(String) },
      });
      expect(world.endpoints.requests).toEqual([]);
    },
  );

  it('is for scientists alone', async () => {
    for (const role of ['member', 'admin', 'seller'] as const) {
      for (const asked of [
        testEndpoint(good().as(role), { endpointName: 'churn-a' }),
        activate(good(), 'churn-a').then(() => getModel(good().as(role), undefined)),
        backToDefault(good().as(role), undefined),
      ]) {
        await expect(asked).rejects.toMatchObject({ code: 'forbidden' });
      }
    }
  });
});

describe('activateEndpoint', () => {
  it('registers and activates an endpoint that passed, once however often the button is pressed', async () => {
    const world = good();
    await testEndpoint(world.as('scientist'), { endpointName: 'churn-a' });
    const asked = world.endpoints.requests.length;
    expect(world.endpoints.requests.every(({ inferenceId }) => inferenceId.startsWith('annex-test-'))).toBe(
      true,
    );
    const [first, second] = await Promise.all([activate(world, 'churn-a'), activate(world, 'churn-a')]);
    world.clock += minute;
    await activate(world, 'churn-a');
    expect(world.endpoints.requests).toHaveLength(asked);
    expect(first).toMatchObject({ version: 1, endpointName: 'churn-a', contentType: 'text/csv' });
    expect(second).toEqual(first);
    expect(await getModel(world.as('scientist'), undefined)).toMatchObject({
      active: { version: 1, registeredBy: 'ada@foo.example' },
      activations: [{ version: 1, by: 'ada@foo.example' }],
    });
    expect(world.audit.map(({ action }) => action)).toEqual(['models.test', 'models.activate']);
    expect(world.audit.at(-1)).toMatchObject({
      subject: 'model/1',
      detail: { version: 1, endpoint: 'churn-a' },
    });
    expect(refreshes(world).slice(0, 2).sort()).toEqual(['scores.refresh 20', 'scores.refresh 20']);
    expect(refreshes(world)).toContain('scores.refresh 0');
  });

  it('tests endpoints never tested, tested long ago, or changed since', async () => {
    const world = good();
    expect(await activate(world, 'churn-a')).toMatchObject({ version: 1 });
    world.clock += 16 * minute;
    expect(await activate(world, 'churn-a')).toMatchObject({ version: 1 });
    expect(world.reports).toHaveLength(2);
    world.clock += minute;
    world.endpoints.host('churn-a', modelThat(), {
      changedAt: new Date(world.clock),
      deployment: deploymentOf('churn-a-2'),
    });
    world.clock += minute;
    expect(await activate(world, 'churn-a')).toMatchObject({ version: 2 });
    expect(world.reports).toHaveLength(3);
  });

  it('does not register a model twice, even if it was tested again', async () => {
    const world = good();
    const scientist = () => world.as('scientist');
    const first = await activate(world, 'churn-a');
    world.clock += 16 * minute;
    await testEndpoint(scientist(), { endpointName: 'churn-a' });
    expect(await getReport(scientist(), { endpointName: 'churn-a' })).toMatchObject({ version: first });
    expect(await activate(world, 'churn-a')).toEqual(first);
    await backToDefault(scientist(), undefined);
    expect(await activate(world, 'churn-a')).toEqual(first);
    expect(world.registry.kept).toHaveLength(1);
    expect(await getModel(scientist(), undefined)).toMatchObject({
      active: { version: 1 },
      activations: [{ version: 1 }, { version: null }, { version: 1 }],
    });
  });

  it('registers as many endpoints as the plan allows, also at once; one that is deleted frees its place', async () => {
    const world = good();
    for (const name of ['churn-b', 'churn-c', 'unused']) world.endpoints.host(name, modelThat());
    world.limits = { endpoints: 2 };
    await testEndpoint(world.as('scientist'), { endpointName: 'churn-a' });
    await activate(world, 'churn-a');
    await Promise.all(
      ['churn-b', 'churn-c'].map((endpointName) => testEndpoint(world.as('scientist'), { endpointName })),
    );
    const outcomes = await Promise.allSettled(['churn-b', 'churn-c'].map((name) => activate(world, name)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const asked = world.endpoints.requests.length;
    const refused = {
      code: 'conflict',
      fields: { endpointName: expect.stringContaining('allows 2 endpoints. 2 others are') },
    };
    await expect(testEndpoint(world.as('scientist'), { endpointName: 'unused' })).rejects.toMatchObject(
      refused,
    );
    await expect(activate(world, 'unused')).rejects.toMatchObject(refused);
    expect(world.endpoints.requests).toHaveLength(asked);
    // A new model behind a registered endpoint takes no place.
    world.limits = { endpoints: 1 };
    await testEndpoint(world.as('scientist'), { endpointName: 'churn-a' });
    world.limits = { endpoints: 2 };
    world.endpoints.described.delete('churn-a');
    expect((await activate(world, 'unused')).endpointName).toBe('unused');
  });

  it('tells what an activation replaced', async () => {
    const world = good();
    const previous = async () => (await getModel(world.as('scientist'), undefined)).previous;
    expect(await previous()).toBeNull();
    const a = await activate(world, 'churn-a');
    expect(await previous()).toBeNull();
    await activate(world, 'churn-b');
    expect(await previous()).toEqual(a);
    await activate(world, 'churn-b');
    expect(await previous()).toEqual(a);
    await backToDefault(world.as('scientist'), undefined);
    expect(await previous()).toMatchObject({ version: 2, endpointName: 'churn-b' });
  });

  it('tests again when another model was deployed since, whatever the clocks say', async () => {
    const world = good();
    await testEndpoint(world.as('scientist'), { endpointName: 'churn-a' });
    world.endpoints.host(
      'churn-a',
      modelThat((v) => v.toReversed()),
      { deployment: deploymentOf('churn-a-2') },
    );
    await expect(activate(world, 'churn-a')).rejects.toMatchObject({ code: 'conflict' });
    world.endpoints.host('churn-a', modelThat(), { deployment: deploymentOf('churn-a-3') });
    const made = await activate(world, 'churn-a');
    expect(made.report.deployment).toEqual(deploymentOf('churn-a-3'));
    expect(world.reports).toHaveLength(3);
  });

  it('refuses an endpoint that does not pass, names the first failure, and changes nothing', async () => {
    const world = good();
    await activate(world, 'churn-a');
    world.endpoints.host('churn-b', modelThat(), { status: 'Updating' });
    for (const [name, words] of [
      ['bad', 'One answer per row: The model returned 19 answers for 20 rows.'],
      ['churn-b', 'Updating'],
      ['nowhere', 'no endpoint with this name'],
    ] as const) {
      await expect(activate(world, name)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(words),
      });
    }
    expect((await getModel(world.as('scientist'), undefined)).active?.version).toBe(1);
    expect(world.registry.kept).toHaveLength(1);
  });

  it('does not trust a report from before the model turned bad', async () => {
    const world = good();
    await testEndpoint(world.as('scientist'), { endpointName: 'churn-a' });
    world.clock += minute;
    world.endpoints.host(
      'churn-a',
      modelThat((v) => v.toReversed()),
      { changedAt: new Date(world.clock - 1) },
    );
    await expect(activate(world, 'churn-a')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('changes nothing when its job cannot be sent', async () => {
    const world = good();
    const context = world.as('scientist');
    const jobs = { send: () => Promise.reject(new AnnexError('dependency_failed', 'no queue')) };
    const broken = { ...context, ports: { ...context.ports, jobs } };
    await expect(activateEndpoint(broken, { endpointName: 'churn-a' })).rejects.toMatchObject({
      code: 'dependency_failed',
    });
    expect(world.registry.log).toEqual([]);
    expect(await activate(world, 'churn-a')).toMatchObject({ version: 1 });
  });
});

describe('killed in the middle of an activation', () => {
  // More calls than an activation with a test makes.
  const moments = Array.from({ length: 40 }, (_, index) => index + 1);

  it.each(['before', 'after'] as const)(
    '%s any call, it is finished by another press, once',
    async (when) => {
      let killed = 0;
      for (const call of moments) {
        const world = good();
        world.killer = { calls: 0, at: call, when };
        const first = await activate(world, 'churn-a').catch((error: unknown) => error);
        if (first instanceof Crash) killed += 1;
        const { kept, log } = world.registry;
        // The active version is registered and has its audit row, and its job is on the way.
        if (log.length > 0) {
          expect(kept).toHaveLength(1);
          expect(world.audit.filter(({ action }) => action === 'models.activate')).toHaveLength(1);
          expect(world.messages.length).toBeGreaterThan(0);
        }
        world.killer = null;
        world.clock += 1000;
        expect(await activate(world, 'churn-a')).toMatchObject({ version: 1 });
        expect(kept).toHaveLength(1);
        expect(log.map(({ version }) => version)).toEqual([1]);
        expect(world.audit.filter(({ action }) => action === 'models.activate')).toHaveLength(1);
        expect(refreshes(world)).toContain('scores.refresh 0');
      }
      expect(killed).toBeGreaterThan(20);
    },
  );
});
