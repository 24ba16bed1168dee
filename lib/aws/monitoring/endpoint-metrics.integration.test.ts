import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { windowOf } from '@/lib/domain/monitoring/windows';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { tenantClient } from '../core/clients';
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
async function called(endpoint: string, count: number): Promise<void> {
  const scope = { kind: 'silo', tenantId: 'foo', accountId: accounts.foo } as const;
  const client = tenantClient(CloudWatchClient, scope);
  const Dimensions = [
    { Name: 'EndpointName', Value: endpoint },
    { Name: 'VariantName', Value: 'AllTraffic' },
  ];
  const datum = (MetricName: string, Values: number[]) => ({ MetricName, Dimensions, Values });
  const each = Array.from({ length: count }, (_, n) => n);
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'AWS/SageMaker',
      MetricData: [
        datum(
          'Invocations',
          each.map(() => 1),
        ),
        datum(
          'Invocation5XXErrors',
          each.map((n) => (n === count - 1 ? 1 : 0)),
        ),
        datum(
          'ModelLatency',
          each.map((n) => 1000 * (n + 1)),
        ),
      ],
    }),
  );
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
    await called('churn', 10);
    const { series } = await ask('foo', 'churn');
    expect(sum(series.invocations.values)).toBe(10);
    expect(sum(series.errors5xx.values)).toBe(1);
    expect(sum(series.errors4xx.values)).toBe(0);
    expect(series.errors4xx.values.every((value) => value === null)).toBe(true);
    expect(Math.max(...series.modelP90.values.map((value) => value ?? 0))).toBe(9000);
    await called('churn', 5);
    const [again, other] = await Promise.all([ask('foo', 'churn'), ask('foo', 'churn')]);
    expect(sum(again.series.invocations.values)).toBe(10);
    expect(other).toBe(again);
  });

  it('finds the variants of an endpoint by its metrics', async () => {
    await called('gone', 1);
    expect(await endpointMetrics('foo').variants(accounts.foo, 'gone')).toEqual(['AllTraffic']);
    expect(await endpointMetrics('foo').variants(accounts.foo, 'never')).toEqual([]);
    expect(await endpointMetrics('bar').variants(accounts.bar, 'gone')).toEqual([]);
  });

  it('shows a tenant nothing of another one', async () => {
    await called('private', 3);
    const { series } = await ask('bar', 'private');
    expect(series.invocations.values.every((value) => value === null)).toBe(true);
    // Not even with the other's account: its role does not trust this tenant.
    await expect(ask('bar', 'private', accounts.foo)).rejects.toMatchObject({ code: 'dependency_denied' });
  });

  it('tells a refusal, a limit and a failure apart, and remembers none of them', async () => {
    await called('moody', 2);
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
