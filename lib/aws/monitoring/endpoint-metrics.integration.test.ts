import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { windowOf } from '@/lib/domain/monitoring/windows';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { endpointMetrics } from './endpoint-metrics';

const accounts = { foo: '222222222222', bar: '333333333333' } as const;
let aws: ProductAws;

beforeAll(async () => {
  aws = await startProductAws({ stepMs: 5 });
  await aws.vend('foo', accounts.foo);
  await aws.vend('bar', accounts.bar);
});
afterAll(() => aws.stop());

/** What SageMaker reports of `count` calls, the last of which failed. */
function called(endpoint: string, count: number): void {
  const place = { EndpointName: endpoint, VariantName: 'AllTraffic' };
  const put = (name: string, value: number) =>
    aws.standIn.services.cloudWatch.put(
      ...([accounts.foo, 'AWS/SageMaker', name, place, value, 'None', Date.now()] as const),
    );
  for (let n = 0; n < count; n += 1) {
    put('Invocations', 1);
    put('Invocation5XXErrors', n === count - 1 ? 1 : 0);
    put('ModelLatency', 1000 * (n + 1));
  }
}

const ask = (tenant: 'foo' | 'bar', endpointName: string, accountId: string = accounts[tenant]) =>
  endpointMetrics(tenant).read({
    accountId,
    endpointName,
    variantName: 'AllTraffic',
    window: windowOf('1h', new Date()),
  });
const sum = (values: readonly (number | null)[]) =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);

describe('endpointMetrics over the wire', () => {
  it('reads what was reported, and remembers it for a minute', async () => {
    called('churn', 10);
    const { series } = await ask('foo', 'churn');
    expect(sum(series.invocations.values)).toBe(10);
    expect(sum(series.errors5xx.values)).toBe(1);
    expect(sum(series.errors4xx.values)).toBe(0);
    expect(series.errors4xx.values.every((value) => value === null)).toBe(true);
    expect(Math.max(...series.modelP90.values.map((value) => value ?? 0))).toBe(9000);
    called('churn', 5);
    const [again, other] = await Promise.all([ask('foo', 'churn'), ask('foo', 'churn')]);
    expect(sum(again.series.invocations.values)).toBe(10);
    expect(other).toBe(again);
  });

  it('finds the variants of an endpoint by its metrics', async () => {
    called('gone', 1);
    expect(await endpointMetrics('foo').variants(accounts.foo, 'gone')).toEqual(['AllTraffic']);
    expect(await endpointMetrics('foo').variants(accounts.foo, 'never')).toEqual([]);
    expect(await endpointMetrics('bar').variants(accounts.bar, 'gone')).toEqual([]);
  });

  it('shows a tenant nothing of another one', async () => {
    called('private', 3);
    const { series } = await ask('bar', 'private');
    expect(series.invocations.values.every((value) => value === null)).toBe(true);
    // Not even with the other's account: its role does not trust this tenant.
    await expect(ask('bar', 'private', accounts.foo)).rejects.toMatchObject({ code: 'dependency_denied' });
  });

  it('tells a refusal, a limit and a failure apart, and remembers none of them', async () => {
    called('moody', 2);
    for (const [message, code] of [
      ['AccessDeniedException: no', 'dependency_denied'],
      ['ThrottlingException: slow down', 'throttled'],
      ['InternalServiceFault: oh', 'dependency_failed'],
    ] as const) {
      const times = code === 'dependency_denied' ? 1 : 3;
      await aws.fault('request', 'monitoring.GetMetricData', { message, times });
      await expect(ask('foo', 'moody')).rejects.toMatchObject({ code });
    }
    expect(sum((await ask('foo', 'moody')).series.invocations.values)).toBe(2);
  });
});
