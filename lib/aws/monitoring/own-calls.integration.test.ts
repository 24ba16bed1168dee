import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inferenceId, type Purpose } from '@/lib/domain/models/inference-id';
import { type Callers, callersOf } from '@/lib/domain/monitoring/traffic';
import { timesOf, windowOf } from '@/lib/domain/monitoring/windows';
import { type Behaviour, type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { tenantClient } from '../core/clients';
import { modelEndpoints } from '../models/model-endpoints';
import { endpointMetricsOf } from './endpoint-metrics';

const account = '222222222222';
let aws: ProductAws;

beforeAll(async () => {
  aws = await startProductAws({ stepMs: 5 });
  await aws.vend('foo', account);
});
afterAll(() => aws.stop());

const host = (name: string, behaviour: Behaviour) => aws.hostModel(account, name, behaviour);

const call = (endpointName: string, purpose: Purpose, more: { body?: string; deadlineMs?: number } = {}) =>
  modelEndpoints('foo', async () => account)
    .invoke({
      endpointName,
      contentType: 'text/csv',
      body: '3,12,41.5,640,4,166,57.91,0',
      inferenceId: inferenceId(purpose),
      deadlineMs: 30_000,
      maxBytes: 4096,
      ...more,
    })
    .catch(() => null);

/** The callers of the last hour, as monitoring reads them, each time anew. */
async function callers(endpointName: string): Promise<Callers> {
  const window = windowOf('1h', new Date());
  const client = tenantClient(CloudWatchClient, { kind: 'silo', tenantId: 'foo', accountId: account });
  const reading = await endpointMetricsOf(() => client).read({
    accountId: account,
    endpointName,
    variantName: 'AllTraffic',
    window,
  });
  return callersOf(reading, timesOf(window).length, false);
}

/** Calls and errors of each caller. */
async function counts(endpointName: string) {
  const { all, apps, own } = await callers(endpointName);
  if (typeof apps === 'string') throw new Error(apps);
  return Object.fromEntries(
    Object.entries({ all, apps, ...own }).map(([caller, { calls, errors }]) => [
      caller,
      [calls.total, errors.total],
    ]),
  );
}

describe('calls of Annex', () => {
  it('are told from an application’s by what they are for', async () => {
    await host('busy', { kind: 'good' });
    await call('busy', 'score-1');
    await call('busy', 'compare-1');
    await call('busy', 'look');
    await call('busy', 'test');
    await call('busy', 'test', { body: 'a,b' });
    const place = { EndpointName: 'busy', VariantName: 'AllTraffic' };
    for (const name of ['Invocations', 'Invocation5XXErrors']) {
      aws.standIn.services.cloudWatch.put(account, 'AWS/SageMaker', name, place, 1, 'None', Date.now());
    }
    await expect
      .poll(() => counts('busy'), { timeout: 30_000 })
      .toEqual({ all: [6, 2], apps: [1, 1], scoring: [2, 0], look: [1, 0], test: [2, 1] });
  });

  it('count as the endpoint answered, and as unanswered when Annex stopped waiting', async () => {
    await host('broken', { kind: 'error', status: 500 });
    await call('broken', 'look');
    await expect
      .poll(() => counts('broken'), { timeout: 30_000 })
      .toMatchObject({ all: [1, 1], apps: [0, 0], look: [1, 1] });
    await host('slow', { kind: 'slow', ms: 1000 });
    await call('slow', 'score-1', { deadlineMs: 100 });
    await expect.poll(() => counts('slow'), { timeout: 30_000 }).toMatchObject({ scoring: [1, 1] });
    // SageMaker counts the call as a success, once the model has answered.
    await expect.poll(() => counts('slow'), { timeout: 30_000 }).toMatchObject({ all: [1, 0], apps: [0, 0] });
    const { own } = await callers('slow');
    expect(own.scoring.unanswered).toContain(1);
  });

  it('do not count where they never reached an endpoint', async () => {
    await host('guarded', { kind: 'good' });
    await aws.fault('request', 'sagemaker.InvokeEndpoint', { message: 'AccessDeniedException: no' });
    await call('guarded', 'look');
    await call('nowhere', 'look');
    await call('guarded', 'look');
    await expect
      .poll(() => counts('guarded'), { timeout: 30_000 })
      .toMatchObject({ all: [1, 0], apps: [0, 0], look: [1, 0] });
    expect((await callers('nowhere')).own.look.calls.total).toBeNull();
  });

  it('are kept for the next call while CloudWatch takes none', async () => {
    await host('kept', { kind: 'good' });
    await aws.fault('request', 'monitoring.PutMetricData', { message: 'AccessDeniedException: no' });
    await call('kept', 'look');
    await expect.poll(() => counts('kept'), { timeout: 30_000 }).toMatchObject({ all: [1, 0] });
    await call('kept', 'look');
    await expect
      .poll(() => counts('kept'), { timeout: 30_000 })
      .toMatchObject({ all: [2, 0], apps: [0, 0], look: [2, 0] });
  });
});
