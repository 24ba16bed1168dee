import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDataQuery,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, begin, datum, stat } from '../testing/metric-data';
import { clientConfig, type Keys, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';

const account = { foo: '222222222222', bar: '333333333333' } as const;
let aws: TestAws;
let foo: Keys;
let bar: Keys;

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', account.foo);
  await aws.vend('bar', account.bar);
  foo = await tenantKeys(aws, 'foo', account.foo);
  bar = await tenantKeys(aws, 'bar', account.bar);
});
afterAll(() => aws.stop());

const client = (keys: Keys) => new CloudWatchClient(clientConfig(aws, keys));
const sink = () => aws.standIn.services.cloudWatch;

async function data(keys: Keys, MetricDataQueries: MetricDataQuery[], more: object = {}) {
  const answer = await client(keys).send(
    new GetMetricDataCommand({
      MetricDataQueries,
      StartTime: at(0),
      EndTime: at(3600),
      ScanBy: 'TimestampAscending',
      ...more,
    }),
  );
  const series = (answer.MetricDataResults ?? []).map(({ Id, Timestamps = [], Values = [] }) => [
    Id,
    Timestamps.map((time, index) => [(time.getTime() - begin) / 1000, Values[index]]),
  ]);
  return { answer, series: Object.fromEntries(series) as Record<string, [number, number][]> };
}

const put = (keys: Keys, ...MetricData: ReturnType<typeof datum>[]) =>
  client(keys).send(new PutMetricDataCommand({ Namespace: 'Trial', MetricData }));

describe('CloudWatch', () => {
  test('takes values, counts and statistic sets, and gives their statistics', async () => {
    await put(
      foo,
      datum('Latency', 0, { Values: [100, 200, 300], Counts: [90, 9, 1], Unit: 'Microseconds' }),
      datum('Latency', 61, { Value: 50, Unit: 'Microseconds' }),
      datum('Latency', 130, {
        StatisticValues: { SampleCount: 4, Sum: 40, Minimum: 1, Maximum: 30 },
        Unit: 'Microseconds',
      }),
    );
    const stats = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount', 'p50', 'p90', 'p99', 'p99.9'];
    const { series } = await data(
      foo,
      stats.map((name) => stat(name.toLowerCase().replace('.', '_'), 'Latency', name)),
    );
    expect(series.sum).toEqual([
      [0, 11_100],
      [60, 50],
      [120, 40],
    ]);
    expect(series.average).toEqual([
      [0, 111],
      [60, 50],
      [120, 10],
    ]);
    expect(series.samplecount).toEqual([
      [0, 100],
      [60, 1],
      [120, 4],
    ]);
    expect(series.maximum).toEqual([
      [0, 300],
      [60, 50],
      [120, 30],
    ]);
    // Nobody knows how the statistic set is distributed.
    expect(series.p50).toEqual([
      [0, 100],
      [60, 50],
    ]);
    expect(series.p99).toEqual([
      [0, 200],
      [60, 50],
    ]);
    expect(series.p99_9).toEqual([
      [0, 300],
      [60, 50],
    ]);
    const five = await data(foo, [stat('a', 'Latency', 'SampleCount', 300), stat('none', 'Never', 'Sum')]);
    expect(five.series).toEqual({ a: [[0, 105]], none: [] });
    expect(five.answer.MetricDataResults?.[0]).toMatchObject({ Label: 'Latency', StatusCode: 'Complete' });
  });

  test('works out expressions, which may be all that is returned', async () => {
    await put(foo, ...[10, 0, 4].map((Value, n) => datum('Calls', n * 60, { Value })));
    await put(foo, ...[1, 0, 4].map((Value, n) => datum('Errors', n * 60, { Value })));
    const hidden = [stat('i', 'Calls', 'Sum'), stat('e', 'Errors', 'Sum')].map((query) => ({
      ...query,
      ReturnData: false,
    }));
    const { series } = await data(foo, [{ Id: 'rate', Expression: '1 - e/i', Label: 'Success' }, ...hidden]);
    expect(series).toEqual({
      rate: [
        [0, 0.9],
        [120, 0],
      ],
    });
    await expect(data(foo, [{ Id: 'a', Expression: 'b + 1' }])).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(data(foo, [{ Id: 'a', Expression: '1 + 1' }])).rejects.toThrow(/time series/);
    await expect(
      data(foo, [
        { Id: 'a', Expression: 'b' },
        { Id: 'b', Expression: 'a' },
      ]),
    ).rejects.toThrow(/refers to itself/);
  });

  test('gives data points by pages, in either order', async () => {
    await put(foo, ...Array.from({ length: 10 }, (_, n) => datum('Paged', n * 60, { Value: n })));
    const queries = [stat('a', 'Paged', 'Sum'), stat('b', 'Paged', 'Maximum')];
    for (const ScanBy of ['TimestampAscending', 'TimestampDescending']) {
      const seen: unknown[] = [];
      let NextToken: string | undefined;
      let pages = 0;
      do {
        const page = await data(foo, queries, { MaxDatapoints: 7, ScanBy, NextToken });
        NextToken = page.answer.NextToken;
        expect(page.answer.MetricDataResults?.[0]?.StatusCode).toBe(NextToken ? 'PartialData' : 'Complete');
        for (const point of page.series.a ?? []) seen.push(point[1]);
        pages += 1;
      } while (NextToken);
      const expected = Array.from({ length: 10 }, (_, n) => n);
      expect(seen).toEqual(ScanBy === 'TimestampAscending' ? expected : expected.reverse());
      expect(pages).toBe(3);
    }
    await expect(data(foo, queries, { NextToken: 'bm9uZQ' })).rejects.toMatchObject({
      name: 'InvalidNextToken',
    });
  });

  test('lists metrics by what they have, and gives the older statistics', async () => {
    const cloudwatch = client(foo);
    const listed = async (more: object) =>
      (await cloudwatch.send(new ListMetricsCommand({ Namespace: 'Trial', ...more }))).Metrics?.map(
        ({ MetricName }) => MetricName,
      );
    await put(foo, datum('Listed', 0, { Value: 1, Unit: 'Count' }));
    expect(await listed({})).toContain('Listed');
    expect(await listed({ MetricName: 'Listed' })).toEqual(['Listed']);
    expect(await listed({ MetricName: 'Listed', Dimensions: [{ Name: 'Side', Value: 'right' }] })).toEqual(
      [],
    );
    expect(
      await listed({ MetricName: 'Listed', Dimensions: [{ Name: 'Side' }], RecentlyActive: 'PT3H' }),
    ).toEqual(['Listed']);
    const asked = {
      Namespace: 'Trial',
      MetricName: 'Listed',
      Dimensions: [{ Name: 'Side', Value: 'left' }],
      StartTime: at(-90),
      EndTime: at(600),
      Period: 300,
    };
    const { Datapoints } = await cloudwatch.send(
      new GetMetricStatisticsCommand({ ...asked, Statistics: ['Sum', 'Maximum'] }),
    );
    // Periods begin where the question does, cut to the minute.
    expect(Datapoints).toEqual([{ Timestamp: at(-120), Sum: 1, Maximum: 1, Unit: 'Count' }]);
    const extended = await cloudwatch.send(
      new GetMetricStatisticsCommand({ ...asked, ExtendedStatistics: ['p90'] }),
    );
    expect(extended.Datapoints?.[0]?.ExtendedStatistics).toEqual({ p90: 1 });
    await expect(cloudwatch.send(new DescribeAlarmsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('refuses what CloudWatch refuses, and keeps nothing of it', async () => {
    await expect(
      put(foo, datum('Refused', 0, { Value: 1 }), datum('Refused', -15 * 86_400, { Value: 1 })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(put(foo, datum('Refused', 0, { Value: 1, Values: [1] }))).rejects.toMatchObject({
      name: 'InvalidParameterCombinationException',
    });
    await expect(put(foo, datum('Refused', 0, { Value: 2 ** 361 }))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
    await expect(put(foo, datum('Refused', 0, { Value: 1, Unit: 'Furlongs' }))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
    const forged = {
      Namespace: 'AWS/SageMaker',
      MetricData: [datum('Invocation5XXErrors', 0, { Value: 1 })],
    };
    await expect(client(foo).send(new PutMetricDataCommand(forged))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
    await expect(data(foo, [stat('a', 'Refused', 'p101')])).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
    await expect(data(foo, [stat('a', 'Refused', 'Sum', 90)])).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
    await expect(data(foo, [stat('A', 'Refused', 'Sum')])).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect((await data(foo, [stat('a', 'Refused', 'Sum')])).series).toEqual({ a: [] });
  });

  test('keeps one account from another, and everybody who has no leave', async () => {
    await put(foo, datum('Private', 0, { Value: 1 }));
    expect((await data(bar, [stat('a', 'Private', 'Sum')])).series).toEqual({ a: [] });
    expect((await client(bar).send(new ListMetricsCommand({ Namespace: 'Trial' }))).Metrics).toEqual([]);
    await expect(
      data(bar, [{ ...stat('a', 'Private', 'Sum'), AccountId: account.foo }]),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const pooled = await tenantKeys(aws, 'foo');
    await expect(data(pooled, [stat('a', 'Private', 'Sum')])).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    // The portal reads what SQS reports in its own account, and nothing of a tenant's.
    expect((await data(aws.portal, [stat('a', 'Private', 'Sum')])).series).toEqual({ a: [] });
    await expect(
      data(aws.portal, [{ ...stat('a', 'Private', 'Sum'), AccountId: account.foo }]),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
    for (const keys of [aws.portal, pooled]) {
      await expect(put(keys, datum('Private', 0, { Value: 1 }))).rejects.toMatchObject({
        name: 'AccessDeniedException',
      });
    }
  });

  test('takes what other stand-ins report, and has all of it after a restart', async () => {
    const dimensions = { Side: 'left' };
    for (let n = 0; n < 100; n += 1) {
      sink().put(
        account.foo,
        'AWS/SageMaker',
        'ModelLatency',
        dimensions,
        1000 + n,
        'Microseconds',
        begin + n,
      );
    }
    const ask = () =>
      data(foo, [
        stat('p90', 'ModelLatency', 'p90', 3600, 'AWS/SageMaker'),
        stat('n', 'ModelLatency', 'SampleCount', 60, 'AWS/SageMaker'),
      ]);
    const before = (await ask()).series;
    expect(before.n).toEqual([[0, 100]]);
    expect(Math.abs((before.p90?.[0]?.[1] ?? 0) - 1089)).toBeLessThanOrEqual(10.89);
    sink().put(account.foo, 'AWS/SageMaker', 'ModelLatency', dimensions, 1, 'Microseconds', begin + 60_000);
    await aws.restart();
    expect((await ask()).series).toEqual({
      p90: before.p90,
      n: [
        [0, 100],
        [60, 1],
      ],
    });
  });

  test('reads a body that the client compressed', async () => {
    const cloudwatch = client(foo);
    const encodings: unknown[] = [];
    cloudwatch.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> };
        encodings.push(headers['content-encoding'] ?? headers['Content-Encoding']);
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    // Beyond 10 kB the client does so by itself.
    const MetricData = Array.from({ length: 900 }, (_, n) => datum('Packed', n, { Value: n }));
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Trial', MetricData }));
    expect(encodings).toEqual(['gzip']);
    expect((await data(foo, [stat('n', 'Packed', 'SampleCount', 3600)])).series.n).toEqual([[0, 900]]);
  });
});
