import { afterAll, beforeAll, expect, test } from 'vitest';
import { begin } from '../testing/metric-data';
import {
  installed,
  type Keys,
  runTool,
  startTestAws,
  type TestAws,
  tenantKeys,
  toolEnvironment,
} from '../testing/test-aws';

let aws: TestAws;
let foo: Keys;

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', '222222222222');
  foo = await tenantKeys(aws, 'foo', '222222222222');
});
afterAll(() => aws.stop());

// Clients that nobody here wrote. Debian's speak Query, pip's JSON.
const pythons = installed(['/usr/bin/python3', 'python3'], ['-c', 'import boto3; print(boto3.__version__)']);
const clis = installed(['/usr/bin/aws', 'aws'], ['--version']);
test.skipIf(pythons.length + clis.length > 0)(
  'skipped: neither boto3 nor the AWS CLI is installed',
  (context) => context.skip(),
);

test.each(pythons)('boto3 $version puts and reads', async ({ file, version }) => {
  const script = `
import boto3, datetime, os
cw = boto3.client('cloudwatch', endpoint_url=os.environ['AWS_ENDPOINT_URL'])
start = datetime.datetime.fromtimestamp(${begin / 1000}, datetime.timezone.utc)
end = start + datetime.timedelta(hours=1)
dims = [{'Name': 'Client', 'Value': 'é & ${version}'}]
cw.put_metric_data(Namespace='Boto', MetricData=[
  {'MetricName': 'm', 'Dimensions': dims, 'Timestamp': start, 'Values': [1.5, 2.5], 'Counts': [3, 1], 'Unit': 'Count'},
  {'MetricName': 'm', 'Dimensions': dims, 'Timestamp': start + datetime.timedelta(minutes=1), 'StatisticValues': {'SampleCount': 2, 'Sum': 4, 'Minimum': 1, 'Maximum': 3}, 'Unit': 'Count'}])
metric = {'Namespace': 'Boto', 'MetricName': 'm', 'Dimensions': dims}
got = cw.get_metric_data(StartTime=start, EndTime=end, ScanBy='TimestampAscending', MetricDataQueries=[
  {'Id': 's', 'MetricStat': {'Metric': metric, 'Period': 60, 'Stat': 'Sum'}},
  {'Id': 'p', 'MetricStat': {'Metric': metric, 'Period': 60, 'Stat': 'p50'}},
  {'Id': 'x', 'Expression': 's * 2', 'ReturnData': True}])['MetricDataResults']
print([(r['Id'], [float(v) for v in r['Values']], [int((t - start).total_seconds()) for t in r['Timestamps']], r['StatusCode']) for r in got])
print(cw.list_metrics(Namespace='Boto', Dimensions=dims)['Metrics'] == [metric])
print(sorted(float(p['Sum']) for p in cw.get_metric_statistics(Period=60, StartTime=start, EndTime=end, Statistics=['Sum'], **metric)['Datapoints']))
print([p['ExtendedStatistics'] for p in cw.get_metric_statistics(Period=60, StartTime=start, EndTime=end, ExtendedStatistics=['p50'], **metric)['Datapoints']])
try: cw.put_metric_data(Namespace='Boto', MetricData=[{'MetricName': 'm', 'Value': 1, 'Unit': 'Count', 'Timestamp': start - datetime.timedelta(days=20)}])
except Exception as e: print(e.response['Error']['Code'])
`;
  const out = await runTool(file, ['-c', script], toolEnvironment(aws, foo));
  expect(out.trim().split('\n')).toEqual([
    "[('s', [7.0, 4.0], [0, 60], 'Complete'), ('p', [1.5], [0], 'Complete'), ('x', [14.0, 8.0], [0, 60], 'Complete')]",
    'True',
    '[4.0, 7.0]',
    "[{'p50': 1.5}]",
    'InvalidParameterValue',
  ]);
});

test.each(clis)('$version puts and reads', async ({ file, version }) => {
  const cli = (...args: string[]) =>
    runTool(file, ['--endpoint-url', aws.origin, 'cloudwatch', ...args], toolEnvironment(aws, foo));
  const name = `m-${version.replace(/\W/g, '-')}`;
  await cli(
    'put-metric-data',
    '--namespace',
    'Cli',
    '--metric-name',
    name,
    '--value',
    '42',
    '--unit',
    'Count',
    '--dimensions',
    'A=b',
  );
  const listed = JSON.parse(
    await cli('list-metrics', '--namespace', 'Cli', '--metric-name', name, '--output', 'json'),
  );
  expect(listed.Metrics).toEqual([
    { Namespace: 'Cli', MetricName: name, Dimensions: [{ Name: 'A', Value: 'b' }] },
  ]);
  const queries = JSON.stringify([
    { Id: 'm', MetricStat: { Metric: listed.Metrics[0], Period: 60, Stat: 'Maximum' } },
  ]);
  const window = [
    '--start-time',
    new Date(Date.now() - 600_000).toISOString(),
    '--end-time',
    new Date(Date.now() + 60_000).toISOString(),
  ];
  const got = JSON.parse(
    await cli('get-metric-data', '--metric-data-queries', queries, ...window, '--output', 'json'),
  );
  expect(got.MetricDataResults[0]).toMatchObject({ Id: 'm', Values: [42], StatusCode: 'Complete' });
});
