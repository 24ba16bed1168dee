import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBuyerCredentials } from './iam/portal-credentials';
import { stackTemplate } from './testing/stack-template';
import {
  installed,
  type Keys,
  runTool,
  startTestAws,
  type TestAws,
  toolEnvironment,
} from './testing/test-aws';
import { until } from './testing/until';

// A client that nobody here wrote. It waits half a minute between two looks at a stack.
const clis = installed(['/usr/bin/aws', 'aws'], ['--version']);

let aws: TestAws;
let keys: Keys;

beforeAll(async () => {
  aws = await startTestAws();
  keys = await readBuyerCredentials(aws.dir);
});
afterAll(() => aws.stop());

test.skipIf(clis.length > 0)('skipped: the AWS CLI is not installed', (context) => context.skip());

describe.each(clis)('$version', ({ file }) => {
  const cli = (...args: string[]) =>
    runTool(file, ['--endpoint-url', aws.origin, ...args], toolEnvironment(aws, keys));
  const json = async (...args: string[]) => JSON.parse(await cli(...args, '--output', 'json'));
  const stack = `cli-${randomBytes(3).toString('hex')}`;
  const named = ['--stack-name', stack];
  const curl = (...args: string[]) =>
    runTool('curl', ['-s', '--noproxy', '*', ...args], toolEnvironment(aws, keys));

  async function deploy(template: string, ...more: string[]): Promise<string> {
    const path = join(aws.dir, 'template.yaml');
    await writeFile(path, template);
    const deployed = [
      'deploy',
      ...named,
      '--template-file',
      path,
      '--capabilities',
      'CAPABILITY_IAM',
      ...more,
    ];
    return cli('cloudformation', ...deployed);
  }
  async function outputs(): Promise<Record<string, string>> {
    const { Stacks } = await json('cloudformation', 'describe-stacks', ...named);
    const all: { OutputKey: string; OutputValue: string }[] = Stacks[0].Outputs;
    return Object.fromEntries(all.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  }

  test('deploys a function behind an API, calls it, looks at it, updates it, and deletes it', async () => {
    expect(await deploy(stackTemplate, '--parameter-overrides', 'Secret=swordfish')).toContain(
      'Successfully created',
    );
    const { Url = '', Greeter = '' } = await outputs();
    expect(await curl(Url)).toBe('{"message":"Unauthorized"}');
    expect(await curl('-H', 'Authorization: wrong', Url)).toBe('{"message":"Forbidden"}');
    expect(await curl('-H', 'Authorization: swordfish', Url)).toBe('{"says":"hello","to":"ada"}');

    const out = join(aws.dir, 'out.json');
    const event = { requestContext: { authorizer: { lambda: { who: 'cli' } } } };
    const payload = join(aws.dir, 'in.json');
    await writeFile(payload, JSON.stringify(event));
    const invoked = await json(
      'lambda',
      'invoke',
      '--function-name',
      Greeter,
      '--payload',
      `fileb://${payload}`,
      '--log-type',
      'Tail',
      out,
    );
    expect(invoked).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(Buffer.from(invoked.LogResult, 'base64').toString()).toContain('INFO\tgreeting cli');
    const got = await json('lambda', 'get-function', '--function-name', Greeter);
    expect(got.Configuration).toMatchObject({ State: 'Active', MemorySize: 256 });
    const logged = await json('logs', 'filter-log-events', '--log-group-name', `/aws/lambda/${Greeter}`);
    expect(logged.events.map(({ message }: { message: string }) => message).join('\n')).toContain(
      'greeting ada',
    );
    const metric = [
      '--namespace',
      'AWS/Lambda',
      '--metric-name',
      'Invocations',
      '--statistics',
      'Sum',
      '--period',
      '3600',
    ];
    const at = Date.now();
    const times = [at - 3_600_000, at + 3_600_000].map((each) => new Date(each).toISOString());
    await until('the metrics', async () => {
      const range = ['--start-time', times[0] ?? '', '--end-time', times[1] ?? ''];
      const dimension = ['--dimensions', `Name=FunctionName,Value=${Greeter}`];
      const { Datapoints } = await json(
        'cloudwatch',
        'get-metric-statistics',
        ...metric,
        ...range,
        ...dimension,
      );
      return Datapoints.reduce((sum: number, { Sum }: { Sum: number }) => sum + Sum, 0) === 2;
    });

    await expect(deploy(stackTemplate)).rejects.toThrow(/No changes to deploy/);
    await deploy(stackTemplate, '--parameter-overrides', 'Greeting=goodbye');
    expect(await curl('-H', 'Authorization: swordfish', Url)).toBe('{"says":"goodbye","to":"ada"}');

    await cli('cloudformation', 'delete-stack', ...named);
    await until('the end', () =>
      cli('cloudformation', 'describe-stacks', ...named).then(
        () => null,
        () => true,
      ),
    );
    await expect(cli('lambda', 'get-function', '--function-name', Greeter)).rejects.toThrow(
      /ResourceNotFoundException/,
    );
    expect(await curl(Url)).toBe('{"message":"Not Found"}');
  }, 400_000);
});
