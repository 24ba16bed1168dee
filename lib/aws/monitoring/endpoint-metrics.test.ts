import {
  CloudWatchClient,
  type GetMetricDataInput,
  type GetMetricDataOutput,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { endpointMetricNames } from '@/lib/domain/monitoring/ports';
import { windowOf } from '@/lib/domain/monitoring/windows';
import { endpointMetricsOf } from './endpoint-metrics';

const window = windowOf('1h', new Date('2026-03-01T10:07:30Z'));
const request = { accountId: '222222222222', endpointName: 'churn', variantName: 'AllTraffic', window };
const at = (minute: number) => new Date(window.start.getTime() + minute * 60_000);

/** CloudWatch that gives these answers in turn. */
function answering(...answers: readonly GetMetricDataOutput[]) {
  const asked: GetMetricDataInput[] = [];
  const client = new CloudWatchClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  client.middlewareStack.add(
    () => async (args) => {
      const output = answers[asked.length] ?? answers.at(-1);
      // The SDK's paginator writes the next token into the same object.
      asked.push({ ...(args.input as GetMetricDataInput) });
      return { output: { ...output, $metadata: {} }, response: null };
    },
    { step: 'initialize', priority: 'high' },
  );
  return { asked, metrics: endpointMetricsOf(() => client) };
}

const complete = endpointMetricNames.map((Id) => ({
  Id,
  Timestamps: [],
  Values: [],
  StatusCode: 'Complete' as const,
}));
const withOne = (Id: string, result: object) => ({
  MetricDataResults: complete.map((each) => (each.Id === Id ? { ...each, ...result } : each)),
});

describe('endpointMetrics', () => {
  it('asks for everything in one call, and puts each data point where its period is', async () => {
    const { asked, metrics } = answering(
      withOne('invocations', { Timestamps: [at(0), at(2), at(59)], Values: [7, 0, 3] }),
    );
    const { series, messages } = await metrics.read(request);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.MetricDataQueries).toHaveLength(21);
    expect(asked[0]?.MetricDataQueries?.find(({ Id }) => Id === 'lookErrors4xx')?.MetricStat).toEqual({
      Metric: {
        Namespace: 'Annex',
        MetricName: 'Invocation4XXErrors',
        Dimensions: [
          { Name: 'EndpointName', Value: 'churn' },
          { Name: 'Purpose', Value: 'HealthCheck' },
        ],
      },
      Period: 60,
      Stat: 'Sum',
    });
    expect(asked[0]?.MetricDataQueries?.[5]).toEqual({
      Id: 'modelP99',
      MetricStat: {
        Metric: {
          Namespace: 'AWS/SageMaker',
          MetricName: 'ModelLatency',
          Dimensions: [
            { Name: 'EndpointName', Value: 'churn' },
            { Name: 'VariantName', Value: 'AllTraffic' },
          ],
        },
        Period: 60,
        Stat: 'p99',
      },
    });
    const { values, problem } = series.invocations;
    expect([values.length, values.slice(0, 4), values.at(-1), problem]).toEqual([
      60,
      [7, null, 0, null],
      3,
      null,
    ]);
    expect(series.modelP50.values.every((value) => value === null)).toBe(true);
    expect(messages).toEqual([]);
  });

  it('puts pages together; only the last one tells whether all is there', async () => {
    const first = withOne('invocations', { Timestamps: [at(0)], Values: [1], StatusCode: 'PartialData' });
    const second = withOne('invocations', { Timestamps: [at(1)], Values: [2] });
    const { asked, metrics } = answering({ ...first, NextToken: 't1' }, second);
    const { series } = await metrics.read(request);
    expect(asked.map(({ NextToken }) => NextToken)).toEqual([undefined, 't1']);
    expect(series.invocations).toMatchObject({ problem: null });
    expect(series.invocations.values.slice(0, 3)).toEqual([1, 2, null]);
  });

  it('says of each metric what is wrong with it, and what CloudWatch says', async () => {
    const problemOf = async (result: object) => {
      const { metrics } = answering(withOne('errors5xx', result));
      const reading = await metrics.read(request);
      expect(reading.series.invocations.problem).toBeNull();
      return [reading.series.errors5xx.problem, reading.messages];
    };
    expect(await problemOf({ StatusCode: 'PartialData' })).toEqual(['partial', []]);
    expect(await problemOf({ StatusCode: 'InternalError', Messages: [{ Code: 'X', Value: 'y' }] })).toEqual([
      'failed',
      ['X: y'],
    ]);
    expect(await problemOf({ StatusCode: 'Forbidden' })).toEqual(['denied', []]);
    expect(await problemOf({ Id: 'other' })).toEqual(['failed', []]);
  });

  it('gives up on an answer without an end', async () => {
    const { asked, metrics } = answering({ MetricDataResults: complete, NextToken: 'again' });
    await expect(metrics.read(request)).rejects.toMatchObject({ code: 'dependency_failed' });
    expect(asked.length).toBe(20);
  });
});
