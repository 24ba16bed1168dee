import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeEndpointCommand, ListEndpointsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  clientConfig,
  type Keys,
  startTestAws,
  type TestAws,
  tenantKeys,
} from '@/local/aws/testing/test-aws';
import { until } from '@/local/aws/testing/until';
import type { TestBehaviour } from './model-server/testing-container';

let aws: TestAws;
let foo: Keys;
const account = '222222222222';
const row = '10,2,20,200,1,20,30,0';

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', account);
  foo = await tenantKeys(aws, 'foo', account);
});
afterAll(() => aws.stop());

const host = (name: string, behaviour?: TestBehaviour) => aws.hostModel(account, name, behaviour);

async function invoke(EndpointName: string, Body: string | Uint8Array = row, ContentType = 'text/csv') {
  const client = new SageMakerRuntimeClient(clientConfig(aws, foo));
  const answer = await client.send(new InvokeEndpointCommand({ EndpointName, Body, ContentType }));
  return { ...answer, text: answer.Body?.transformToString() ?? '' };
}

describe('an endpoint', () => {
  test('answers both content types', async () => {
    await host('good');
    const csv = await invoke('good', `${row}\n${row}`);
    expect(csv).toMatchObject({
      InvokedProductionVariant: 'AllTraffic',
      ContentType: expect.stringMatching(/text\/csv/),
    });
    expect(csv.text.split('\n').map(Number)).toHaveLength(2);
    const json = await invoke(
      'good',
      JSON.stringify({ instances: [{ features: row.split(',').map(Number) }] }),
      'application/json',
    );
    expect(JSON.parse(json.text)).toEqual({ predictions: [{ score: Number(csv.text.split('\n')[0]) }] });
    const sagemaker = new SageMakerClient(clientConfig(aws, foo));
    expect(await sagemaker.send(new DescribeEndpointCommand({ EndpointName: 'good' }))).toMatchObject({
      EndpointStatus: 'InService',
      EndpointArn: `arn:aws:sagemaker:us-east-1:${account}:endpoint/good`,
    });
    const { Endpoints } = await sagemaker.send(new ListEndpointsCommand({ StatusEquals: 'InService' }));
    expect(Endpoints?.map(({ EndpointName }) => EndpointName)).toContain('good');
  });

  test('passes a refusal on as ModelError, with what the container said', async () => {
    await host('failing', { kind: 'error', status: 503 });
    await expect(invoke('failing')).rejects.toMatchObject({
      name: 'ModelError',
      $metadata: { httpStatusCode: 424 },
      OriginalStatusCode: 503,
      OriginalMessage: 'The model fails with 503.',
      LogStreamArn: `arn:aws:logs:us-east-1:${account}:log-group:/aws/sagemaker/Endpoints/failing`,
      message: expect.stringContaining('Received server error (503) from primary with message'),
    });
    await expect(invoke('good', 'a,b')).rejects.toMatchObject({
      OriginalStatusCode: 400,
      message: expect.stringContaining('client error'),
    });
  });

  test('streams its answer in parts, and refuses a stream as it refuses a call', async () => {
    const client = new SageMakerRuntimeClient(clientConfig(aws, foo));
    const asked = { EndpointName: 'good', ContentType: 'text/csv' };
    const stream = (Body: string) =>
      client.send(new InvokeEndpointWithResponseStreamCommand({ ...asked, Body }));
    const answer = await stream(`${row}\n${row}`);
    expect(answer).toMatchObject({
      InvokedProductionVariant: 'AllTraffic',
      ContentType: expect.stringMatching(/text\/csv/),
    });
    const parts: Uint8Array[] = [];
    for await (const { PayloadPart } of answer.Body ?? [])
      if (PayloadPart?.Bytes) parts.push(PayloadPart.Bytes);
    expect(Buffer.concat(parts).toString()).toBe((await invoke('good', `${row}\n${row}`)).text);
    await expect(stream('a,b')).rejects.toMatchObject({ name: 'ModelError', OriginalStatusCode: 400 });
  });

  test('is not asynchronous', async () => {
    const client = new SageMakerRuntimeClient(clientConfig(aws, foo));
    const InputLocation = `s3://annex-foo-${account}/in.csv`;
    for (const EndpointName of ['good', 'nobody']) {
      const asked = new InvokeEndpointAsyncCommand({ EndpointName, InputLocation });
      await expect(client.send(asked)).rejects.toMatchObject({
        name: expect.stringMatching(/^ValidationError$/),
        $metadata: { httpStatusCode: 400 },
      });
    }
    expect(aws.warnings).toEqual([]);
  });

  test('takes 6 MB and no more', async () => {
    await host('any', { kind: 'constant', value: 0.5 });
    const tooMuch = new Uint8Array(6_291_457);
    await expect(invoke('any', tooMuch)).rejects.toMatchObject({ $metadata: { httpStatusCode: 413 } });
    await expect(invoke('any', tooMuch.subarray(1))).rejects.toMatchObject({ name: 'ModelError' });
  });

  test.each(['cut', 'crash'] as const)(
    'that %ss breaks one call, and answers of others are whole',
    async (kind) => {
      await host(kind, { kind });
      await expect(invoke(kind)).rejects.toThrow();
      expect((await invoke('good')).text).not.toBe('');
    },
  );

  test('streams what is larger than any model should answer', async () => {
    await host('huge', { kind: 'huge', bytes: 8_000_000 });
    expect((await invoke('huge')).text).toHaveLength(8_000_000);
  });

  test('reports every invocation to CloudWatch', async () => {
    await host('measured', { kind: 'slow', ms: 20 });
    await Promise.all([
      invoke('measured'),
      invoke('measured'),
      invoke('measured', 'a').catch(() => undefined),
    ]);
    const cloudwatch = new CloudWatchClient(clientConfig(aws, foo));
    const statistic = async (MetricName: string, Statistic: 'Sum' | 'Average') => {
      const { Datapoints = [] } = await cloudwatch.send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/SageMaker',
          MetricName,
          Dimensions: [
            { Name: 'EndpointName', Value: 'measured' },
            { Name: 'VariantName', Value: 'AllTraffic' },
          ],
          StartTime: new Date(Date.now() - 600_000),
          EndTime: new Date(Date.now() + 60_000),
          Period: 3600,
          Statistics: [Statistic],
        }),
      );
      return Datapoints.reduce((sum, point) => sum + (point[Statistic] ?? 0), 0);
    };
    expect(await statistic('Invocations', 'Sum')).toBe(3);
    expect(await statistic('Invocation4XXErrors', 'Sum')).toBe(1);
    expect(await statistic('Invocation5XXErrors', 'Sum')).toBe(0);
    expect(await statistic('ModelLatency', 'Average')).toBeGreaterThan(20_000);
    expect(await statistic('OverheadLatency', 'Average')).toBeGreaterThan(0);
  });

  test('is not there under another name', async () => {
    await expect(invoke('none')).rejects.toMatchObject({
      name: 'ValidationError',
      message: `Endpoint none of account ${account} not found.`,
    });
  });
});

describe('the process of a model', () => {
  test('is InService while it is down, refuses, and answers again', async () => {
    const model = await host('fragile');
    await model.down();
    await expect(invoke('fragile')).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      $metadata: { httpStatusCode: 503 },
    });
    const sagemaker = new SageMakerClient(clientConfig(aws, foo));
    const { EndpointStatus } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: 'fragile' }));
    expect(EndpointStatus).toBe('InService');
    await model.up();
    expect((await invoke('fragile')).text).not.toBe('');
  });

  test('comes back by itself when it is killed', async () => {
    const model = await host('killed');
    const { pid } = await processOf('killed');
    expect(pid).toBe(model.pid());
    process.kill(pid, 'SIGKILL');
    await until('another process', async () => (model.pid() ?? pid) !== pid && model.port() !== null);
    expect((await invoke('killed')).text).not.toBe('');
  });

  test('has a log that does not grow for ever', async () => {
    const model = await host('talkative');
    const log = join(await folderOf('talkative'), 'log');
    await writeFile(log, 'x'.repeat(3_000_000));
    process.kill(model.pid() ?? 0, 'SIGKILL');
    await until('its end', async () => model.port() === null);
    await until('its return', async () => model.port() !== null);
    expect((await stat(log)).size).toBeLessThan(10_000);
    expect((await stat(`${log}.1`)).size).toBeGreaterThanOrEqual(3_000_000);
  });

  test('answers under no other host name', async () => {
    const port = (await host('renamed')).port() ?? 0;
    const statusAt = (name: string) =>
      new Promise((resolve, reject) => {
        const asked = request({ port, host: '127.0.0.1', path: '/ping', headers: { host: name } });
        asked.once('response', (response) => resolve(response.resume().statusCode)).once('error', reject);
        asked.end();
      });
    expect(await statusAt(`127.0.0.1:${port}`)).toBe(200);
    for (const name of [`attacker.example:${port}`, 'localhost', '127.0.0.1'])
      expect(await statusAt(name), name).toBe(403);
  });

  test('stays away while it is not let up', async () => {
    const model = await host('barred');
    await aws.fault('endpoint.start', 'barred', { times: 1000 });
    process.kill(model.pid() ?? 0, 'SIGKILL');
    await until('its end', async () => model.port() === null);
    await expect(invoke('barred')).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    await aws.clearFaults();
    await until('its return', async () => model.port() !== null);
  });

  test('ends with the stand-in, and starts with it', async () => {
    const { pid } = await processOf('good');
    await aws.restart();
    expect(() => process.kill(pid, 0)).toThrow();
    await until('its return', () =>
      invoke('good').then(
        () => true,
        () => false,
      ),
    );
    expect((await invoke('good')).text).not.toBe('');
  });
});

/** What the stand-in wrote down of the process behind an endpoint. */
async function processOf(name: string): Promise<{ pid: number; port: number }> {
  return JSON.parse(await readFile(join(await folderOf(name), 'process.json'), 'utf8'));
}

async function folderOf(name: string): Promise<string> {
  const folder = join(aws.dir, 'aws', 'sagemaker', 'endpoints', account, name);
  const [deployment = ''] = await readdir(folder);
  return join(folder, deployment, 'AllTraffic');
}
