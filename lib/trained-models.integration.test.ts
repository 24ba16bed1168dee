import { CreateEndpointCommand, UpdateEndpointCommand } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTraining } from '@/local/testing/trained-models';
import { modelEndpoints } from './aws/models/model-endpoints';
import type { TenantContext } from './domain/context';
import { contractTest } from './domain/models/contract-test';
import { activateEndpoint } from './domain/models/verbs/activate-endpoint';
import { activateVersion } from './domain/models/verbs/activate-version';
import { finishRollBack } from './domain/models/verbs/finish-roll-back';
import { ModelWorld } from './domain/testing/model-world';

const account = '222222222222';
const Bucket = `annex-foo-${account}`;
let foo: Awaited<ReturnType<typeof startTraining>>;
const endpoints = modelEndpoints('foo', async () => account);
/** Answers are awaited for longer than the interface allows: what is tested here is not how fast this machine is. */
const patient = { now: () => new Date(), limits: { requestMs: 30_000, totalMs: 120_000 } };
const artefactOf = (job: string): string => `s3://${Bucket}/models/${job}/output/model.tar.gz`;

beforeAll(async () => {
  foo = await startTraining(account);
});
afterAll(() => foo?.stop());

async function serve(endpoint: string, config: string): Promise<void> {
  const wanted = { EndpointName: endpoint, EndpointConfigName: config };
  const there = await endpoints.describe(endpoint);
  await foo.sagemaker().send(there ? new UpdateEndpointCommand(wanted) : new CreateEndpointCommand(wanted));
  expect(await foo.endpointSettled(endpoint)).toMatchObject({
    EndpointStatus: 'InService',
    EndpointConfigName: config,
  });
}

describe('SageMaker’s own algorithms', () => {
  it('keep the interface: XGBoost in CSV, rows that are too short included', async () => {
    await foo.trained('trees');
    await foo.configured('trees-1', foo.images.xgboost, artefactOf('trees'));
    await serve('trees', 'trees-1');
    const report = await contractTest(endpoints, 'trees', patient);
    expect(report).toMatchObject({ passed: true, contentTypes: ['text/csv'] });
    expect(report.checks.filter(({ outcome }) => outcome !== 'passed')).toMatchObject([
      { id: 'short-row', outcome: 'noted', received: expect.stringMatching(/^200, text\/csv/) },
    ]);
    expect(report.checks.find(({ id }) => id === 'malformed')?.finding).toBe(
      'Rejected: words instead of numbers (text/csv): 415; a truncated second line (text/csv): 415.',
    );
  });

  it('keep the interface: Linear Learner in JSON, where each row has eight', async () => {
    await foo.trained('line', {
      AlgorithmSpecification: { TrainingImage: foo.images.linear, TrainingInputMode: 'File' },
      HyperParameters: { predictor_type: 'binary_classifier' },
    });
    await foo.configured('line-1', foo.images.linear, artefactOf('line'));
    await serve('line', 'line-1');
    const report = await contractTest(endpoints, 'line', patient);
    expect(report).toMatchObject({ passed: true, contentTypes: ['application/json'] });
    expect(report.checks.every(({ outcome }) => outcome === 'passed')).toBe(true);
  });
});

it('a version that another took the place of behind one name is gone back to by one press', async () => {
  await foo.configured('trees-2', foo.images.xgboost, artefactOf('trees'));
  const world = new ModelWorld();
  const as = (role: 'scientist' | 'system'): TenantContext => {
    const context = world.as(role);
    return { ...context, now: () => new Date(), ports: { ...context.ports, endpoints } };
  };
  await serve('trees', 'trees-1');
  expect(await activateEndpoint(as('scientist'), { endpointName: 'trees' })).toMatchObject({ version: 1 });
  await serve('trees', 'trees-2');
  expect(await activateEndpoint(as('scientist'), { endpointName: 'trees' })).toMatchObject({ version: 2 });

  expect(await activateVersion(as('scientist'), { version: 1 })).toMatchObject({ inUse: false });
  const job = world.messages.at(-1)?.job;
  if (job?.kind !== 'models.roll-back') throw new Error('there is no job');
  await foo.endpointSettled('trees');
  expect(await finishRollBack(as('system'), job)).toBe('active');
  expect(await world.registry.active()).toMatchObject({ version: 1 });
  expect(await endpoints.deployed('trees')).toMatchObject({ deployment: { configName: 'trees-1' } });
});
