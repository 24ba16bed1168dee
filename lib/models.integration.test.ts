import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TestDatabase } from '@/local/testing/postgres';
import { dropConnections, startTestDatabase } from '../local/testing/database';
import { type Behaviour, type ProductAws, startProductAws } from '../local/testing/product-aws';
import { withTenant } from './db/core/tenant-scope';
import { tenantContextForSystem } from './deps';
import type { TenantContext } from './domain/context';
import { type Job, jobsOf } from './domain/jobs';
import { activateEndpoint } from './domain/models/verbs/activate-endpoint';
import { activateVersion } from './domain/models/verbs/activate-version';
import { backToDefault } from './domain/models/verbs/back-to-default';
import { finishRollBack } from './domain/models/verbs/finish-roll-back';
import { getModel } from './domain/models/verbs/get-model';
import { listVersions } from './domain/models/verbs/list-versions';

const account = '222222222222';
let stack: ProductAws;
let postgres: TestDatabase;
let sent: Job[];

beforeAll(async () => {
  stack = await startProductAws();
  postgres = await startTestDatabase(['foo']);
  await stack.vend('foo', account);
  const { ports } = await tenantContextForSystem('foo', 'test');
  await ports.tenant.recordAccount(account);
});
afterAll(async () => {
  await postgres?.stop();
  await stack?.stop();
});
beforeEach(() => {
  sent = [];
});

const host = (name: string, behaviour: Behaviour, configName?: string) =>
  stack.hostModel(account, name, behaviour, configName);

/** A scientist with the product's own ports, but for the queue. */
async function scientist(): Promise<TenantContext> {
  const context = await tenantContextForSystem('foo', 'r-1');
  const jobs = jobsOf('foo', { send: async (job) => void sent.push(job) });
  return {
    ...context,
    actor: { id: 'sub-1', name: 'ada@foo.example', roles: ['scientist'] },
    ports: { ...context.ports, jobs },
  };
}

const inUse = async () => (await getModel(await scientist(), undefined)).active;
const versions = async () => (await listVersions(await scientist(), {})).versions.length;
/** Waits until SageMaker changes the endpoint no more. */
const settled = async (name: string) => {
  const { endpoints } = (await scientist()).ports;
  await vi.waitFor(
    async () =>
      expect(await endpoints.deployed(name)).toMatchObject({ status: 'InService', pendingConfigName: null }),
    { timeout: 60_000 },
  );
};
/** What the worker makes of the newest job. */
const finished = async () => {
  const job = sent.at(-1);
  if (job?.kind !== 'models.roll-back') throw new Error(`there is a job ${job?.kind}`);
  const { ports } = await scientist();
  return finishRollBack({ ...(await tenantContextForSystem('foo', 'r-2')), ports }, job);
};
const audited = () =>
  withTenant('foo', (tx) => tx.auditEvent.count({ where: { action: 'models.activate' } }));

describe('an activation with database and AWS', () => {
  it('registers, activates, and goes back to the default', async () => {
    await host('plain', { kind: 'good' });
    const context = await scientist();
    expect(await activateEndpoint(context, { endpointName: 'plain' })).toMatchObject({ version: 1 });
    expect(await inUse()).toMatchObject({
      version: 1,
      endpointName: 'plain',
      registeredBy: 'ada@foo.example',
    });
    expect(sent).toEqual(Array(2).fill({ kind: 'scores.refresh', tenantId: 'foo' }));
    await backToDefault(context, undefined);
    expect(await inUse()).toBeNull();
  });

  it('is of the model that was tested, though the endpoint keeps its name', async () => {
    const context = await scientist();
    await host('swapped', { kind: 'good' }, 'swapped-1');
    const { version } = await activateEndpoint(context, { endpointName: 'swapped' });
    expect((await inUse())?.report.deployment).toMatchObject({ configName: 'swapped-1' });
    await host('swapped', { kind: 'constant', value: 0.5 }, 'swapped-2');
    expect(await activateEndpoint(context, { endpointName: 'swapped' })).toMatchObject({
      version: version + 1,
    });
    const back = await activateVersion(context, { version });
    expect(back).toMatchObject({ version, inUse: false });
    // No image of this test can be deployed by SageMaker itself, which leaves what was there.
    await settled('swapped');
    expect(await finished()).toBe('given up');
    expect(await inUse()).toMatchObject({ version: version + 1 });

    await activateVersion(context, { version });
    await settled('swapped');
    await host('swapped', { kind: 'good' }, 'swapped-1');
    expect(await finished()).toBe('active');
    expect(await inUse()).toMatchObject({ version });
    expect((await getModel(context, undefined)).activations[0]).toMatchObject({ by: 'ada@foo.example' });
  });

  it('is done once though the database drops every connection in the middle', async () => {
    await host('slow', { kind: 'slow', ms: 40 });
    const [registered, activations] = [await versions(), await audited()];
    const context = await scientist();
    const first = activateEndpoint(context, { endpointName: 'slow' }).catch((error: unknown) => error);
    await dropConnections(postgres);
    const outcome = await first;
    // It finishes, or says why; another press then finishes it.
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'dependency_failed' });
    expect(await activateEndpoint(context, { endpointName: 'slow' })).toMatchObject({
      version: registered + 1,
    });
    expect(await inUse()).toMatchObject({ endpointName: 'slow' });
    expect(await versions()).toBe(registered + 1);
    expect(await audited()).toBe(activations + 1);
  });

  it('fails with the reason when the model dies in the middle, and what is in use stays', async () => {
    const model = await host('dying', { kind: 'good' });
    const before = await inUse();
    const context = await scientist();
    const { endpoints } = context.ports;
    const invoke = endpoints.invoke.bind(endpoints);
    let asked = 0;
    vi.spyOn(endpoints, 'invoke').mockImplementation(async (request) => {
      asked += 1;
      if (asked === 4) await model.down();
      return invoke(request);
    });
    await expect(activateEndpoint(context, { endpointName: 'dying' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^dying failed the contract test and was not activated\. /),
    });
    expect(await inUse()).toEqual(before);
  });

  it('fails with the reason when AWS is away, and goes back to the default all the same', async () => {
    await stack.fault('request', 'sagemaker.DescribeEndpoint', {
      times: 3,
      message: 'ServiceUnavailable: away',
    });
    const context = await scientist();
    await expect(activateEndpoint(context, { endpointName: 'plain' })).rejects.toMatchObject({
      code: 'dependency_failed',
    });
    await backToDefault(context, undefined);
    expect(await inUse()).toBeNull();
  });
});
