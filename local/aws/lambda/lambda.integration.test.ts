import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  type Environment,
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zipOf } from '../core/zip';
import { buyerAccount, buyerKeys, functionRole, writesLogs } from '../testing/buyer';
import { clientConfig, type Keys, s3Client, startTestAws, type TestAws } from '../testing/test-aws';
import { until } from '../testing/until';

let aws: TestAws;
let keys: Keys;
let lambda: LambdaClient;
let role: string;

beforeAll(async () => {
  aws = await startTestAws();
  keys = await buyerKeys(aws);
  role = await functionRole(aws);
  lambda = new LambdaClient(clientConfig(aws, keys));
});
afterAll(async () => {
  lambda.destroy();
  await aws.stop();
});

interface Made {
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly Environment?: Environment;
  readonly Role?: string;
  readonly Handler?: string;
}

async function make(name: string, files: Record<string, string>, more: Made = {}): Promise<void> {
  const made = { Role: role, Handler: 'index.handler', Runtime: 'nodejs20.x', Timeout: 60, ...more } as const;
  await lambda.send(
    new CreateFunctionCommand({ FunctionName: name, Code: { ZipFile: zipOf(files) }, ...made }),
  );
  await waitUntilFunctionActiveV2(
    { client: lambda, maxWaitTime: 30, minDelay: 0.01, maxDelay: 0.01 },
    { FunctionName: name },
  );
}

async function invoke(name: string, event: unknown = {}) {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: 'Tail' }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString();
  return {
    error: answer.FunctionError,
    result: text === '' ? undefined : JSON.parse(text),
    log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
    status: answer.StatusCode,
  };
}

async function logOf(name: string): Promise<string> {
  const logs = new CloudWatchLogsClient(clientConfig(aws, keys));
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }),
  );
  return events.map(({ message }) => message).join('\n');
}

async function sum(name: string, metric: string): Promise<number> {
  const cloudWatch = new CloudWatchClient(clientConfig(aws, keys));
  const Metric = {
    Namespace: 'AWS/Lambda',
    MetricName: metric,
    Dimensions: [{ Name: 'FunctionName', Value: name }],
  };
  const now = Date.now();
  const { MetricDataResults } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now + 120_000),
      MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
    }),
  );
  return (MetricDataResults?.[0]?.Values ?? []).reduce((a, b) => a + b, 0);
}

describe('handlers', () => {
  test('of ES modules are told their event and context, and keep what they loaded', async () => {
    await make(
      'esm',
      {
        'index.mjs': `import { twice } from './lib/twice.mjs';
          let calls = 0;
          export const handler = async (event, context) => {
            console.log('called', event, 'in\\ntwo lines');
            return { twice: twice(event.n), calls: ++calls, name: context.functionName, arn: context.invokedFunctionArn,
              left: context.getRemainingTimeInMillis() > 1000, env: process.env.MINE, region: process.env.AWS_REGION,
              memory: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE, parent: process.env.NODE_ENV ?? null };
          };`,
        'lib/twice.mjs': 'export const twice = (n) => 2 * n;',
      },
      { Environment: { Variables: { MINE: 'yes' } } },
    );
    const first = await invoke('esm', { n: 21 });
    expect(first).toMatchObject({
      error: undefined,
      status: 200,
      result: {
        twice: 42,
        calls: 1,
        name: 'esm',
        arn: `arn:aws:lambda:us-east-1:${buyerAccount}:function:esm`,
        left: true,
        env: 'yes',
        region: 'us-east-1',
        memory: '128',
        parent: null,
      },
    });
    expect(first.log).toMatch(
      /^START RequestId: [\w-]+ Version: \$LATEST\n[\w:.-]+Z\t[\w-]+\tINFO\tcalled \{ n: 21 \} in\ntwo lines\nEND RequestId: [\w-]+\nREPORT RequestId: [\w-]+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t\n$/,
    );
    const second = await invoke('esm', { n: 1 });
    expect(second.result).toMatchObject({ twice: 2, calls: 2 });
    expect(second.log).not.toContain('Init Duration');
    expect(await logOf('esm')).toContain('called { n: 21 } in\ntwo lines');
  });

  test('of CommonJS answer by a promise, by a callback, by nothing', async () => {
    await make('cjs', {
      'package.json': '{}',
      'index.js': `const { sep } = require('node:path');
        exports.handler = (event, context, callback) => {
          if (event.way === 'promise') return Promise.resolve(sep);
          if (event.way === 'callback') return void setTimeout(() => callback(null, 'called back'), 1);
          if (event.way === 'refuse') return void callback(new TypeError('refused'));
          return 'not waited for';
        };`,
    });
    expect((await invoke('cjs', { way: 'promise' })).result).toBe('/');
    expect((await invoke('cjs', { way: 'callback' })).result).toBe('called back');
    expect(await invoke('cjs', { way: 'refuse' })).toMatchObject({
      error: 'Unhandled',
      result: { errorType: 'TypeError', errorMessage: 'refused' },
    });
    expect((await invoke('cjs', {})).result).toBeNull();
  });

  test('that throw, end the process, or cannot be loaded are errors in Lambda’s words', async () => {
    await make('bad', {
      'index.mjs': `export const handler = async ({ how }) => {
        if (how === 'throw') throw new RangeError('out');
        if (how === 'exit') process.exit(7);
        if (how === 'later') { setTimeout(() => { throw new Error('late'); }); await new Promise(() => {}); }
        if (how === 'long') return 'x'.repeat(6 * 1024 * 1024 + 200);
        return 'fine';
      };`,
    });
    expect(await invoke('bad', { how: 'throw' })).toMatchObject({
      error: 'Unhandled',
      result: {
        errorType: 'RangeError',
        errorMessage: 'out',
        trace: expect.arrayContaining(['RangeError: out']),
      },
    });
    const exit = await invoke('bad', { how: 'exit' });
    expect(exit).toMatchObject({ error: 'Unhandled', result: { errorType: 'Runtime.ExitError' } });
    expect(exit.result.errorMessage).toMatch(
      /^RequestId: [\w-]+ Error: Runtime exited with error: exit status 7$/,
    );
    expect((await invoke('bad', { how: 'later' })).result).toMatchObject({ errorMessage: 'late' });
    expect((await invoke('bad', { how: 'long' })).result).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
    expect((await invoke('bad')).result).toBe('fine');
    await make('none', { 'index.mjs': 'export const other = 1;' });
    expect((await invoke('none')).result).toMatchObject({ errorType: 'Runtime.HandlerNotFound' });
    await make('empty', { 'other.mjs': '' });
    expect((await invoke('empty')).result).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
    await until('metrics', async () => (await sum('bad', 'Errors')) === 4);
    expect(await sum('bad', 'Invocations')).toBe(5);
    expect(await sum('bad', 'Duration')).toBeGreaterThan(0);
  });

  test('that take too long are ended, and the next invocation has a new environment', async () => {
    await make(
      'slow',
      {
        'index.mjs': `let calls = 0;
          export const handler = async ({ wait }) => { calls += 1; if (wait) await new Promise(() => setInterval(() => {}, 1000)); return calls; };`,
      },
      { Timeout: 1 },
    );
    expect((await invoke('slow')).result).toBe(1);
    const late = await invoke('slow', { wait: true });
    expect(late).toMatchObject({ error: 'Unhandled', result: { errorType: 'Sandbox.Timedout' } });
    expect(late.result.errorMessage).toMatch(/ Error: Task timed out after 1\.00 seconds$/);
    expect(late.log).toContain(' Task timed out after 1.00 seconds');
    expect((await invoke('slow')).result).toBe(1);
  });

  test('have no more memory than they asked for, and no rights beyond their code and TMPDIR', async () => {
    await make('rights', {
      'index.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
        import { tmpdir } from 'node:os';
        import { execFileSync } from 'node:child_process';
        const said = (run) => { try { return String(run()); } catch (error) { return error.code; } };
        export const handler = async ({ fill }) => {
          if (fill) { const all = []; for (;;) all.push(Array.from({ length: 100_000 }, (_, n) => ({ n }))); }
          writeFileSync(tmpdir() + '/x', 'mine');
          return { mine: said(() => readFileSync(tmpdir() + '/x')), other: said(() => readFileSync('/etc/passwd')),
            child: said(() => execFileSync('/bin/true')), code: said(() => writeFileSync('index.mjs', '')) };
        };`,
    });
    expect((await invoke('rights')).result).toEqual({
      mine: 'mine',
      other: 'ERR_ACCESS_DENIED',
      child: 'ERR_ACCESS_DENIED',
      code: 'ERR_ACCESS_DENIED',
    });
    expect((await invoke('rights', { fill: true })).result).toMatchObject({ errorType: 'Runtime.ExitError' });
  });
});

test('the SDK in a function reaches AWS as the function’s role, and no further', async () => {
  const s3 = s3Client(aws, keys);
  await s3.send(new CreateBucketCommand({ Bucket: 'buyer-data' }));
  await s3.send(new PutObjectCommand({ Bucket: 'buyer-data', Key: 'open/a', Body: 'hello' }));
  await s3.send(new PutObjectCommand({ Bucket: 'buyer-data', Key: 'closed/a', Body: 'secret' }));
  const reads = {
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::buyer-data/open/*',
  } as const;
  await make(
    'reader',
    {
      'index.mjs': `import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
        const s3 = new S3Client({});
        export const handler = async ({ Key }) => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'buyer-data', Key }));
          return Body.transformToString();
        };`,
    },
    { Role: await functionRole(aws, 'reader', [writesLogs, reads]), Timeout: 30, MemorySize: 512 },
  );
  expect(await invoke('reader', { Key: 'open/a' })).toMatchObject({ result: 'hello' });
  expect(await invoke('reader', { Key: 'closed/a' })).toMatchObject({
    result: { errorType: 'AccessDenied' },
  });
});

test('invocations side by side have environments of their own, as many as are reserved', async () => {
  await make(
    'wide',
    {
      'index.mjs': `const id = Math.random();
        export const handler = async ({ ms }) => { await new Promise((resolve) => setTimeout(resolve, ms)); return id; };`,
    },
    { Timeout: 60 },
  );
  const [a, b] = await Promise.all([invoke('wide', { ms: 1500 }), invoke('wide', { ms: 1500 })]);
  expect(a.result).not.toBe(b.result);
  await lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'wide', ReservedConcurrentExecutions: 0 }),
  );
  await expect(invoke('wide', { ms: 0 })).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  });
  await until('metrics', async () => (await sum('wide', 'Throttles')) === 1);
  expect(await sum('wide', 'Invocations')).toBe(2);
});

test('events are delivered later, and checks of the request alone change nothing', async () => {
  await make('event', {
    'index.mjs': "export const handler = async (event) => console.log('got', event.n);",
  });
  const named = { FunctionName: 'event', Payload: '{"n":7}' };
  expect(await lambda.send(new InvokeCommand({ ...named, InvocationType: 'DryRun' }))).toMatchObject({
    StatusCode: 204,
  });
  expect(await lambda.send(new InvokeCommand({ ...named, InvocationType: 'Event' }))).toMatchObject({
    StatusCode: 202,
  });
  await until('the event', async () => (await logOf('event').catch(() => '')).includes('got 7'));
  await expect(lambda.send(new InvokeCommand({ ...named, Payload: '{' }))).rejects.toMatchObject({
    name: 'InvalidRequestContentException',
  });
  const large = JSON.stringify('x'.repeat(6_291_456));
  await expect(lambda.send(new InvokeCommand({ ...named, Payload: large }))).rejects.toMatchObject({
    name: 'RequestTooLargeException',
  });
});

describe('functions', () => {
  test('are listed, changed, given permissions, and deleted', async () => {
    const FunctionName = 'life';
    await make(FunctionName, {
      'index.mjs': "export const handler = async () => process.env.SAYS ?? 'one';",
    });
    expect((await invoke(FunctionName)).result).toBe('one');
    const again = make(FunctionName, { 'index.mjs': '' });
    await expect(again).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await s3Client(aws, keys).send(new CreateBucketCommand({ Bucket: 'buyer-code' }));
    const Body = zipOf({ 'index.mjs': "export const handler = async () => process.env.SAYS ?? 'two';" });
    await s3Client(aws, keys).send(new PutObjectCommand({ Bucket: 'buyer-code', Key: 'two.zip', Body }));
    const code = { FunctionName, S3Bucket: 'buyer-code' };
    await lambda.send(new UpdateFunctionCodeCommand({ ...code, S3Key: 'two.zip' }));
    expect((await invoke(FunctionName)).result).toBe('two');
    await expect(lambda.send(new UpdateFunctionCodeCommand({ ...code, S3Key: 'none' }))).rejects.toThrow(
      /NoSuchKey/,
    );
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        Environment: { Variables: { SAYS: 'three' } },
        Timeout: 9,
      }),
    );
    expect((await invoke(FunctionName)).result).toBe('three');
    const got = await lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(got.Configuration).toMatchObject({
      Timeout: 9,
      State: 'Active',
      Role: role,
      Handler: 'index.handler',
    });
    await expect(lambda.send(new GetPolicyCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const Principal = 'apigateway.amazonaws.com';
    const added = { FunctionName, StatementId: 'api', Action: 'lambda:InvokeFunction', Principal };
    await lambda.send(new AddPermissionCommand(added));
    expect((await lambda.send(new GetPolicyCommand({ FunctionName }))).Policy).toContain(Principal);
    await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'api' }));
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    expect(Functions.map((fn) => fn.FunctionName)).toContain(FunctionName);
    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    await expect(invoke(FunctionName)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test.each<readonly [string, Made & { zip?: Buffer; Runtime?: 'python3.12' }, RegExp]>([
    ['a timeout of 901 s', { Timeout: 901 }, /'timeout' failed .* less than or equal to 900/],
    ['64 MB', { MemorySize: 64 }, /'memorySize' failed .* greater than or equal to 128/],
    ['another runtime', { Runtime: 'python3.12' }, /runtime parameter of python3\.12 is not supported/],
    [
      'a role that does not trust Lambda',
      { Role: `arn:aws:iam::${buyerAccount}:role/admin` },
      /cannot be assumed by Lambda/,
    ],
    [
      'a reserved variable',
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      /reserved keys .* AWS_REGION/,
    ],
    ['no zip', { zip: Buffer.from('garbage') }, /Could not unzip uploaded file/],
    ['a zip that leads out', { zip: zipOf({ '../x.mjs': '' }) }, /Could not unzip uploaded file.* leads out/],
  ])('are refused with %s', async (_, { zip = zipOf({ 'index.mjs': '' }), ...more }, sentence) => {
    const made = { Role: role, Handler: 'index.handler', Runtime: 'nodejs20.x', ...more } as const;
    const create = new CreateFunctionCommand({ FunctionName: 'refused', Code: { ZipFile: zip }, ...made });
    await expect(lambda.send(create)).rejects.toThrow(sentence);
    await expect(invoke('refused')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('of another account, and without a right, are refused', async () => {
    const none = new LambdaClient(clientConfig(aws, await buyerKeys(aws, 'nobody', [])));
    const named = { FunctionName: 'esm' };
    await expect(none.send(new InvokeCommand(named))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    const portal = new LambdaClient(clientConfig(aws, aws.portal));
    const FunctionName = `arn:aws:lambda:us-east-1:${buyerAccount}:function:esm`;
    await expect(portal.send(new InvokeCommand({ FunctionName }))).rejects.toThrow();
  });
});

test('a restart keeps functions, events and logs; lost code is named', async () => {
  await make('kept', { 'index.mjs': "export const handler = async () => console.log('kept') ?? 'still';" });
  expect((await invoke('kept')).result).toBe('still');
  const running = lambda
    .send(new InvokeCommand({ FunctionName: 'wide', InvocationType: 'Event', Payload: '{"ms":60000}' }))
    .then(() => aws.restart());
  await running;
  expect((await invoke('kept')).result).toBe('still');
  expect(await logOf('kept')).toContain('kept');
  await aws.restart();
  await rm(join(aws.dir, 'aws', 'lambda', 'code'), { recursive: true });
  await aws.restart();
  expect(aws.warnings.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/lambda\/code lacks the code of \d+ of \d+ functions/),
  );
  await expect(invoke('kept')).rejects.toMatchObject({ name: 'InvalidZipFileException' });
});
