import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { EndpointCalls } from '@/lib/domain/running/ports';
import { dayMs, daySeconds, minuteMs } from '@/lib/domain/time';
import { memo, memoOne } from '@/lib/memo';
import { tenantClient } from '../core/clients';
import { aws } from '../core/errors';

/** A call takes as many queries. Variants beyond are not asked about. */
const mostQueries = 500;
/** CloudWatch bills each metric of each call, and a week changes little within minutes. */
const keptMs = 10 * minuteMs;
/** How many answers a process remembers. Each takes a few kB. */
const capacity = 500;

type Asked = Parameters<EndpointCalls['ofWeek']>[0];

/** Calls of the endpoints in the tenant's own account, with the tenant's role there. */
export function endpointCalls(tenantId: string, accountId: () => Promise<string>): EndpointCalls {
  // A tenant's account never changes.
  const account = memoOne(accountId);
  return {
    ofWeek: async (endpoints, end) =>
      endpoints.length === 0
        ? new Map()
        : (await remembered({ tenantId, accountId: await account(), endpoints, end })).calls,
  };
}

const remembered = memo(
  async ({
    tenantId,
    accountId,
    endpoints,
    end,
  }: {
    tenantId: string;
    accountId: string;
    endpoints: Asked;
    end: Date;
  }) => {
    const client = tenantClient(CloudWatchClient, { kind: 'silo', tenantId, accountId });
    return { calls: await callsOf(client, endpoints, end), end };
  },
  {
    keyOf: ({ tenantId, accountId, endpoints }) =>
      [tenantId, accountId, ...endpoints.map(({ name }) => name)].join('/'),
    capacity,
    // An incomplete answer is not kept.
    until: ({ calls, end }) => ([...calls.values()].includes(null) ? 0 : end.getTime() + keptMs),
  },
);

async function callsOf(
  client: CloudWatchClient,
  endpoints: Asked,
  end: Date,
): Promise<ReadonlyMap<string, number | null>> {
  const variants = endpoints
    .flatMap(({ name, variants: all }) => all.map((variant) => ({ endpoint: name, variant: variant.name })))
    .slice(0, mostQueries);
  const calls = new Map<string, number | null>(endpoints.map(({ name }) => [name, null]));
  if (variants.length === 0) return calls;
  const { MetricDataResults = [] } = await aws('reading how often your endpoints are called', () =>
    client.send(
      new GetMetricDataCommand({
        MetricDataQueries: variants.map(({ endpoint, variant }, at) => queryOf(at, endpoint, variant)),
        StartTime: new Date(end.getTime() - 7 * dayMs),
        EndTime: end,
      }),
    ),
  );
  for (const { name } of endpoints) {
    const counts = variants.flatMap(({ endpoint }, at) =>
      endpoint === name ? [countOf(MetricDataResults.find(({ Id }) => Id === idOf(at)))] : [],
    );
    const known = counts.filter((count) => count !== null);
    const complete = counts.length > 0 && known.length === counts.length;
    if (complete)
      calls.set(
        name,
        known.reduce((sum, count) => sum + count, 0),
      );
  }
  return calls;
}

const idOf = (at: number): string => `calls${at}`;

const queryOf = (at: number, endpoint: string, variant: string): MetricDataQuery => ({
  Id: idOf(at),
  MetricStat: {
    Metric: {
      Namespace: 'AWS/SageMaker',
      MetricName: 'Invocations',
      Dimensions: [
        { Name: 'EndpointName', Value: endpoint },
        { Name: 'VariantName', Value: variant },
      ],
    },
    Period: daySeconds,
    Stat: 'Sum',
  },
});

/** Without a data point nobody called. Null: CloudWatch does not tell all of it. */
function countOf(result: MetricDataResult | undefined): number | null {
  if (result?.StatusCode !== 'Complete') return null;
  return (result.Values ?? []).reduce((sum, value) => sum + value, 0);
}
