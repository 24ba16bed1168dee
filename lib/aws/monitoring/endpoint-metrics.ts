import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataOutput,
  ListMetricsCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import {
  type EndpointMetricName,
  type EndpointMetrics,
  type EndpointReading,
  endpointMetricNames,
  type MetricSeries,
  type MetricWindow,
} from '@/lib/domain/monitoring/ports';
import { AnnexError } from '@/lib/errors';
import { BoundedCache } from '../core/bounded-cache';
import { tenantClient } from '../core/clients';
import { aws } from '../core/errors';

type Request = Parameters<EndpointMetrics['read']>[0];

/** CloudWatch bills each metric of a call and has nothing newer within a minute, however many people watch. */
const keptMs = 60_000;
/** Views of an endpoint that a process remembers; one is some 20 kB. */
const capacity = 500;
/** A view has 1600 data points at most, and a page 100,800: more pages than this are no answer. */
const maxPages = 20;
const namespace = 'AWS/SageMaker';

/** Name and statistic of each metric. Source: "Monitor SageMaker AI with CloudWatch", endpoint invocation metrics. */
const sources: Readonly<Record<EndpointMetricName, readonly [metric: string, statistic: string]>> = {
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

interface Kept {
  readonly reading: Promise<EndpointReading>;
  readonly until: number;
}

const remembered = new BoundedCache<Kept>(capacity);

/** Metrics of the endpoints in the tenant's own account, with the tenant's role there. */
export function endpointMetrics(tenantId: string): EndpointMetrics {
  const { read, variants } = endpointMetricsOf((accountId) =>
    tenantClient(CloudWatchClient, { kind: 'silo', tenantId, accountId }),
  );
  return {
    variants,
    read(request) {
      const now = Date.now();
      const key = keyOf(tenantId, request);
      const present = remembered.get(key);
      if (present && present.until > now) return present.reading;
      const kept: Kept = { reading: read(request), until: now + keptMs };
      remembered.set(key, kept);
      // What failed, or is not whole, is asked for again.
      const forget = () => remembered.drop(key, kept);
      kept.reading.then((reading) => {
        if (Object.values(reading.series).some(({ problem }) => problem !== null)) forget();
      }, forget);
      return kept.reading;
    },
  };
}

const keyOf = (tenantId: string, { accountId, endpointName, variantName, window }: Request): string =>
  [
    tenantId,
    accountId,
    endpointName,
    variantName,
    window.periodSeconds,
    window.end.getTime() - window.start.getTime(),
  ].join('/');

/** The metrics that the clients of an account reach, asked for every time. */
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
            MetricName: sources.invocations[0],
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
  let token: string | undefined;
  do {
    if (pages.length === maxPages) {
      throw new AnnexError('dependency_failed', 'CloudWatch returned too many pages. Try again in a minute.');
    }
    const page = await aws('reading the endpoint’s metrics', () =>
      client.send(
        new GetMetricDataCommand({
          MetricDataQueries: queriesOf(request, periodSeconds),
          StartTime: start,
          EndTime: end,
          ScanBy: 'TimestampAscending',
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      ),
    );
    pages.push(page);
    token = page.NextToken;
  } while (token !== undefined);
  return pages;
}

function queriesOf({ endpointName, variantName }: Request, Period: number): MetricDataQuery[] {
  const Dimensions = [
    { Name: 'EndpointName', Value: endpointName },
    { Name: 'VariantName', Value: variantName },
  ];
  return endpointMetricNames.map((Id) => {
    const [MetricName, Stat] = sources[Id];
    return { Id, MetricStat: { Metric: { Namespace: namespace, MetricName, Dimensions }, Period, Stat } };
  });
}

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

/** One metric from its part of every page, each data point at its period's place. */
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

/** `PartialData` of a page with a page after it is no problem. */
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
