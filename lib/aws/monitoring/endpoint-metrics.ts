import {
  CloudWatchClient,
  type GetMetricDataInput,
  type GetMetricDataOutput,
  ListMetricsCommand,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import {
  type EndpointMetricName,
  type EndpointMetrics,
  type EndpointReading,
  endpointMetricNames,
  type MetricSeries,
  type MetricWindow,
  type OwnMetricName,
} from '@/lib/domain/monitoring/ports';
import { AnnexError } from '@/lib/errors';
import { memo } from '@/lib/memo';
import { tenantClient } from '../core/clients';
import { aws } from '../core/errors';
import { ownDimensions, ownMetrics, ownNamespace } from './own-calls';

type Request = Parameters<EndpointMetrics['read']>[0];

/** CloudWatch bills every metric of every call, and has no newer data within a minute. So all viewers share one result. */
const keptMs = 60_000;
/** How many views a process remembers. Each takes about 20 kB. */
const capacity = 500;
/** A view has at most 3,800 data points, and a page holds up to 100,800. More pages than this mean a broken response. */
const maxPages = 20;
const namespace = 'AWS/SageMaker';

/** Name and statistic of each metric of SageMaker. Source: "Monitor SageMaker AI with CloudWatch", endpoint invocation metrics. */
const measured: Readonly<
  Record<Exclude<EndpointMetricName, OwnMetricName>, readonly [metric: string, statistic: string]>
> = {
  invocations: ['Invocations', 'Sum'],
  errors4xx: ['Invocation4XXErrors', 'Sum'],
  errors5xx: ['Invocation5XXErrors', 'Sum'],
  modelP50: ['ModelLatency', 'p50'],
  modelP90: ['ModelLatency', 'p90'],
  modelP99: ['ModelLatency', 'p99'],
  overheadP50: ['OverheadLatency', 'p50'],
  overheadP90: ['OverheadLatency', 'p90'],
  overheadP99: ['OverheadLatency', 'p99'],
};

/**
 * Metrics of the endpoints in the tenant's own account, with the tenant's role there. Each view is remembered for a
 * minute.
 */
export function endpointMetrics(tenantId: string): EndpointMetrics {
  const { variants } = metricsOf(tenantId);
  return { variants, read: (request) => rememberedReading({ tenantId, request }) };
}

const metricsOf = (tenantId: string): EndpointMetrics =>
  endpointMetricsOf((accountId) => tenantClient(CloudWatchClient, { kind: 'silo', tenantId, accountId }));

const rememberedReading = memo(({ tenantId, request }: TenantRequest) => metricsOf(tenantId).read(request), {
  keyOf,
  capacity,
  // An incomplete view is not kept.
  until: ({ series, readAt }) =>
    Object.values(series).every(({ problem }) => problem === null) ? readAt.getTime() + keptMs : 0,
});

interface TenantRequest {
  readonly tenantId: string;
  readonly request: Request;
}

function keyOf({ tenantId, request }: TenantRequest): string {
  const { accountId, endpointName, variantName, window } = request;
  return [
    tenantId,
    accountId,
    endpointName,
    variantName,
    window.periodSeconds,
    window.end.getTime() - window.start.getTime(),
    window.pinned ? window.end.getTime() : '',
  ].join('/');
}

/** Metrics from the accounts of `clientOf`, read anew each time. */
export function endpointMetricsOf(clientOf: (accountId: string) => CloudWatchClient): EndpointMetrics {
  return {
    async read(request) {
      const readAt = new Date();
      const pages = await allPages(clientOf(request.accountId), request);
      return {
        window: request.window,
        readAt,
        series: seriesOf(pages, request.window),
        messages: messagesOf(pages),
      };
    },
    async variants(accountId, endpointName) {
      const answer = await aws('listing the endpoint’s metrics', () =>
        clientOf(accountId).send(
          new ListMetricsCommand({
            Namespace: namespace,
            MetricName: measured.invocations[0],
            Dimensions: [{ Name: 'EndpointName', Value: endpointName }, { Name: 'VariantName' }],
          }),
        ),
      );
      const names = (answer.Metrics ?? []).flatMap(({ Dimensions = [] }) =>
        Dimensions.filter(({ Name }) => Name === 'VariantName').map(({ Value = '' }) => Value),
      );
      return [...new Set(names)].filter(Boolean).sort();
    },
  };
}

async function allPages(client: CloudWatchClient, request: Request): Promise<readonly GetMetricDataOutput[]> {
  const { start, end, periodSeconds } = request.window;
  const pages: GetMetricDataOutput[] = [];
  return aws('reading the endpoint’s metrics', async () => {
    const input: GetMetricDataInput = {
      MetricDataQueries: queriesOf(request, periodSeconds),
      StartTime: start,
      EndTime: end,
      ScanBy: 'TimestampAscending',
    };
    for await (const page of paginateGetMetricData({ client }, input)) {
      pages.push(page);
      if (pages.length === maxPages && page.NextToken) {
        throw new AnnexError(
          'dependency_failed',
          'CloudWatch returned too many pages. Try again in a minute.',
        );
      }
    }
    return pages;
  });
}

function queriesOf({ endpointName, variantName }: Request, Period: number): MetricDataQuery[] {
  const ofVariant = [
    { Name: 'EndpointName', Value: endpointName },
    { Name: 'VariantName', Value: variantName },
  ];
  return endpointMetricNames.map((Id) => {
    if (isOwn(Id)) {
      const { name: MetricName, purpose } = ownMetrics[Id];
      const Dimensions = ownDimensions(endpointName, purpose);
      const Metric = { Namespace: ownNamespace, MetricName, Dimensions };
      return { Id, MetricStat: { Metric, Period, Stat: 'Sum' } };
    }
    const [MetricName, Stat] = measured[Id];
    const Metric = { Namespace: namespace, MetricName, Dimensions: ofVariant };
    return { Id, MetricStat: { Metric, Period, Stat } };
  });
}

const isOwn = (name: EndpointMetricName): name is OwnMetricName => name in ownMetrics;

function seriesOf(pages: readonly GetMetricDataOutput[], window: MetricWindow): EndpointReading['series'] {
  const results = pages.flatMap(({ MetricDataResults = [] }) => MetricDataResults);
  const one = (name: EndpointMetricName) =>
    oneSeries(
      results.filter(({ Id }) => Id === name),
      window,
    );
  return Object.fromEntries(endpointMetricNames.map((name) => [name, one(name)])) as Record<
    EndpointMetricName,
    MetricSeries
  >;
}

/** One metric, joined from all pages, with each data point at the index of its period. */
function oneSeries(
  results: readonly MetricDataResult[],
  { start, end, periodSeconds }: MetricWindow,
): MetricSeries {
  const length = Math.round((end.getTime() - start.getTime()) / 1000 / periodSeconds);
  const values = new Array<number | null>(length).fill(null);
  for (const { Timestamps = [], Values = [] } of results) {
    for (const [index, time] of Timestamps.entries()) {
      const at = Math.floor((time.getTime() - start.getTime()) / 1000 / periodSeconds);
      if (at >= 0 && at < length) values[at] = Values[index] ?? null;
    }
  }
  return { values, problem: problemOf(results) };
}

/** `PartialData` is a problem on the last page only. */
function problemOf(results: readonly MetricDataResult[]): MetricSeries['problem'] {
  if (results.some(({ StatusCode }) => StatusCode === 'Forbidden')) return 'denied';
  if (results.length === 0 || results.some(({ StatusCode }) => StatusCode === 'InternalError'))
    return 'failed';
  return results.at(-1)?.StatusCode === 'PartialData' ? 'partial' : null;
}

function messagesOf(pages: readonly GetMetricDataOutput[]): readonly string[] {
  const all = pages.flatMap(({ Messages = [], MetricDataResults = [] }) => [
    ...Messages,
    ...MetricDataResults.flatMap((result) => result.Messages ?? []),
  ]);
  return [...new Set(all.map(({ Code, Value }) => [Code, Value].filter(Boolean).join(': ')))].filter(Boolean);
}
