import type { LegacyQuery, RpcService, StandIn } from '../core/service';
import type { MetricSink } from '../core/services';
import type { DurableState } from '../core/state';
import { listMetrics } from './list-metrics';
import { getMetricData } from './metric-data';
import { getMetricStatistics } from './metric-statistics';
import { putMetricData } from './put-metric-data';
import { addValue } from './sketch';
import { MetricStore } from './store';

const pruneMs = 3_600_000;

/**
 * CloudWatch of all accounts, and `MetricSink` for the other stand-ins. Data can be read at once after a put; on AWS
 * that takes a minute or two. Percentiles: see `sketch.ts`.
 */
export function createCloudWatch(standIn: StandIn, state: DurableState): RpcService & MetricSink {
  const store = new MetricStore(standIn, state);
  const prune = async (): Promise<void> => {
    await store.prune();
    standIn.later(pruneMs, prune);
  };
  return {
    name: 'monitoring',
    protocol: 'json-1.0',
    legacyQuery,
    queryCodes: {
      InvalidParameterValueException: 'InvalidParameterValue',
      InvalidParameterCombinationException: 'InvalidParameterCombination',
      MissingRequiredParameterException: 'MissingParameter',
      ValidationException: 'ValidationError',
    },
    operations: {
      PutMetricData: (input, caller) => putMetricData(standIn, store, input, caller),
      GetMetricData: (input, caller) => getMetricData(standIn, store, input, caller),
      GetMetricStatistics: (input, caller) => getMetricStatistics(standIn, store, input, caller),
      ListMetrics: (input, caller) => listMetrics(standIn, store, input, caller),
      async DescribeAlarms(_, caller) {
        standIn.authorize(caller, 'cloudwatch:DescribeAlarms', '*');
        return { MetricAlarms: [], CompositeAlarms: [] };
      },
    },
    async start() {
      standIn.later(pruneMs, prune);
    },
    stop: () => store.flush(),
    put(accountId, namespace, name, dimensions, value, unit, at) {
      const metric = {
        accountId,
        region: standIn.region,
        namespace,
        name,
        dimensions: Object.entries(dimensions).map(([key, text]) => ({ name: key, value: text })),
      };
      store.put(metric, unit, at / 1000, false, (bucket) => addValue(bucket, value));
    },
  };
}

/**
 * CloudWatch's Query protocol, which botocore used until 2025. The operations are the same as in JSON, but numbers,
 * flags and times are texts, which the operations accept too, and a list consists of `member` elements. Source: the
 * service description, 2010-08-01.
 */
const legacyQuery: LegacyQuery = {
  namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  input: (parameters) => ({ ...parameters }),
  output: (_, answer) => Object(members(answer)),
};

function members(value: unknown): unknown {
  if (Array.isArray(value)) return { member: value.map(members) };
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      name === 'ExtendedStatistics' ? entriesOf(entry) : members(entry),
    ]),
  );
}

/** In Query, a map is a list of pairs. */
const entriesOf = (map: unknown): object => ({
  entry: Object.entries(Object(map)).map(([key, value]) => ({ key, value })),
});
