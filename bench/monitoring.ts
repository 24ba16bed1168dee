import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { tenantClient } from '@/lib/aws/core/clients';
import { modelEndpoints } from '@/lib/aws/models/model-endpoints';
import { endpointMetricsOf } from '@/lib/aws/monitoring/endpoint-metrics';
import { ownDimensions, ownMetrics, ownNamespace } from '@/lib/aws/monitoring/own-calls';
import type { TenantContext } from '@/lib/domain/context';
import type { ModelVersion } from '@/lib/domain/models/ports';
import { getMetrics } from '@/lib/domain/monitoring/verbs/get-metrics';
import { windowOf } from '@/lib/domain/monitoring/windows';
import { untouchable } from '@/lib/domain/testing/untouchable';
import type { MetricSink } from '@/local/aws/core/services';
import { startProductAws } from '@/local/testing/product-aws';
import { interleaved, report } from './harness';

// Seven days of `/monitoring` without any cached figures: the verb (which describes the endpoint and computes the
// figures) against the bare GetMetricData call for the same metrics. Also the number of calls per view. Both use
// credentials from an earlier view, as in a running portal. Rendering is not measured.
const most = 1.3;
const rounds = 40;
const accountId = '222222222222';
const place = { EndpointName: 'churn', VariantName: 'AllTraffic' };

const aws = await startProductAws({ stepMs: 5 });
try {
  await aws.vend('foo', accountId);
  fill(aws.standIn.services.cloudWatch);
  const client = tenantClient(CloudWatchClient, { kind: 'silo', tenantId: 'foo', accountId });
  let calls = 0;
  client.middlewareStack.add((next) => (args) => {
    calls += 1;
    return next(args);
  });
  const context = contextOf(client);
  const bare = async () => {
    const { start, end, periodSeconds } = windowOf('7d', new Date());
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({ MetricDataQueries: queries(periodSeconds), StartTime: start, EndTime: end }),
    );
    if ((MetricDataResults[0]?.Values?.length ?? 0) < 160) throw new Error('an empty answer is no measure');
  };
  const verb = async () => {
    const view = await getMetrics(context, { range: '7d' });
    if (view.state !== 'endpoint' || view.metrics.state !== 'read') throw new Error(JSON.stringify(view));
  };
  await verb();
  const before = calls;
  await verb();
  const callsOfAView = calls - before;
  const medians = await interleaved(rounds, [
    { name: 'verb', run: verb },
    { name: 'bare', run: bare },
  ]);
  const ratio = (medians.verb ?? Number.NaN) / (medians.bare ?? Number.NaN);
  report({
    bench: 'monitoring',
    ratio,
    most,
    figures: { verbMs: medians.verb ?? 0, bareMs: medians.bare ?? 0 },
  });
  report({ bench: 'monitoring-calls', ratio: callsOfAView, most: 1, figures: {} });
} finally {
  await aws.stop();
}

/** One call per minute for 7 days, each tenth a health check. One in fifty fails. */
function fill(sink: MetricSink): void {
  const now = Date.now();
  for (let n = 0; n < 7 * 1440; n += 1) {
    const at = now - n * 60_000;
    const put = (name: string, value: number, unit = 'None') =>
      sink.put(accountId, 'AWS/SageMaker', name, place, value, unit, at);
    put('Invocations', 1);
    put('Invocation4XXErrors', n % 100 === 0 ? 1 : 0);
    put('Invocation5XXErrors', n % 100 === 50 ? 1 : 0);
    put('ModelLatency', 8000 + ((n * 7919) % 9000), 'Microseconds');
    put('OverheadLatency', 1500 + ((n * 104_729) % 900), 'Microseconds');
    if (n % 10 > 0) continue;
    const ofOwn = { EndpointName: place.EndpointName, Purpose: 'HealthCheck' };
    sink.put(accountId, ownNamespace, 'Invocations', ofOwn, 1, 'Count', at);
  }
}

function queries(Period: number): MetricDataQuery[] {
  const Dimensions = Object.entries(place).map(([Name, Value]) => ({ Name, Value }));
  const all = [
    ...['Invocations', 'Invocation4XXErrors', 'Invocation5XXErrors'].map((name) => [name, 'Sum'] as const),
    ...['ModelLatency', 'OverheadLatency'].flatMap((name) =>
      ['p50', 'p90', 'p99'].map((stat) => [name, stat] as const),
    ),
  ];
  const measured = all.map(([MetricName, Stat]) => ({
    Metric: { Namespace: 'AWS/SageMaker', MetricName, Dimensions },
    Period,
    Stat,
  }));
  const own = Object.values(ownMetrics).map(({ name: MetricName, purpose }) => ({
    Metric: {
      Namespace: ownNamespace,
      MetricName,
      Dimensions: ownDimensions(place.EndpointName, purpose),
    },
    Period,
    Stat: 'Sum',
  }));
  return [...measured, ...own].map((MetricStat, index) => ({ Id: `q${index}`, MetricStat }));
}

/** A tenant with an active model. Its registrations are in memory; its endpoint is described over HTTP. */
function contextOf(client: CloudWatchClient): TenantContext {
  const endpoints = modelEndpoints('foo', async () => accountId);
  const model: ModelVersion = {
    version: 1,
    endpointName: place.EndpointName,
    contentType: 'text/csv',
    report: {
      endpointName: place.EndpointName,
      testedAt: new Date(0),
      deployment: null,
      passed: true,
      contentTypes: ['text/csv'],
      checks: [],
      latencyMs: { rows1: null, rows100: null },
    },
    registeredBy: 'bench',
    registeredAt: new Date(0),
  };
  const wired: Pick<TenantContext['ports'], 'models' | 'endpoints' | 'endpointMetrics'> = {
    models: {
      ...untouchable<TenantContext['ports']['models']>('models'),
      active: async () => model,
      activations: async () => [],
      endpoints: async () => [{ endpointName: place.EndpointName, versions: [1], registered: 1 }],
    },
    endpoints: {
      ...endpoints,
      // No endpoint is hosted here. A call of similar cost stands for the one that describes it.
      async describe(name) {
        await endpoints.list({ limit: 1 });
        const variants = [{ name: place.VariantName, instances: 1 }];
        return { name, status: 'InService', changedAt: new Date(0), failureReason: null, variants };
      },
    },
    endpointMetrics: endpointMetricsOf(() => client),
  };
  return {
    actor: { id: 'bench', name: 'bench', roles: ['scientist'] },
    tenant: { id: 'foo', name: 'Foo', state: 'active', accountId, createdAt: new Date(0) },
    requestId: 'bench',
    log: { info() {}, warn() {}, error() {} },
    now: () => new Date(),
    ports: { ...untouchable<TenantContext['ports']>('a port'), ...wired },
  };
}
