import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateSummaryCommand,
  ListStackResourcesCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zipOf } from '@/local/aws/core/zip';
import { buyerAccount, buyerKeys } from '@/local/aws/testing/buyer';
import { stackTemplate } from '@/local/aws/testing/stack-template';
import { clientConfig, type Keys, s3Client, startTestAws, type TestAws } from '@/local/aws/testing/test-aws';
import { until } from '@/local/aws/testing/until';

let aws: TestAws;
let keys: Keys;
let client: CloudFormationClient;

beforeAll(async () => {
  aws = await startTestAws();
  keys = await buyerKeys(aws);
  client = new CloudFormationClient(clientConfig(aws, keys));
});
afterAll(async () => {
  client.destroy();
  await aws.stop();
});

async function settled(StackName: string): Promise<Stack> {
  return until(`the stack ${StackName}`, async () => {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return /_IN_PROGRESS$/.test(Stacks[0]?.StackStatus ?? '') ? null : Stacks[0];
  });
}
const parameters = (values: Record<string, string>) =>
  Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));

async function create(StackName: string, TemplateBody: string, more: Partial<CreateStackCommandInput> = {}) {
  const made = { StackName, TemplateBody, Capabilities: ['CAPABILITY_IAM' as const], ...more };
  const { StackId = '' } = await client.send(new CreateStackCommand(made));
  return settled(StackId);
}
const greeter = (name: string) =>
  create(name, stackTemplate, { Parameters: parameters({ Secret: 'swordfish' }) });
const output = ({ Outputs = [] }: Stack, key: string) =>
  Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? '';
const greet = (stack: Stack, authorization?: string) =>
  fetch(output(stack, 'Url'), authorization ? { headers: { authorization } } : {});
async function reasons(StackName: string) {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.map(
    (event) => `${event.LogicalResourceId} ${event.ResourceStatus} ${event.ResourceStatusReason ?? ''}`,
  );
}
const topic = (name: string, more = '') => `Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: { BucketName: ${name} }
${more}`;

describe('a stack', () => {
  test('is made, works, is updated by new code, and is deleted', async () => {
    const stack = await greeter('life');
    expect(stack).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      Description: 'A function behind an HTTP API',
    });
    expect(stack.Parameters).toContainEqual({ ParameterKey: 'Secret', ParameterValue: '****' });
    expect((await greet(stack)).status).toBe(401);
    expect((await greet(stack, 'wrong')).status).toBe(403);
    expect(await (await greet(stack, 'swordfish')).json()).toEqual({ says: 'hello', to: 'ada' });
    const logs = new CloudWatchLogsClient(clientConfig(aws, keys));
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: '/aws/lambda/life-greeter' }),
    );
    expect(events.map(({ message }) => message).join('\n')).toContain('greeting ada');

    const s3 = s3Client(aws, keys);
    const CodeBucket = 'life-code';
    await s3.send(new CreateBucketCommand({ Bucket: CodeBucket }));
    const code = `import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
      const s3 = new S3Client({ forcePathStyle: true });
      export const handler = async () => {
        await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: 'shared/x', Body: 'from ' + process.env.COUNT }));
        return { says: 'new ' + process.env.GREETING };
      };`;
    await s3.send(
      new PutObjectCommand({ Bucket: CodeBucket, Key: 'v2.zip', Body: zipOf({ 'index.mjs': code }) }),
    );
    const kept = { ParameterKey: 'Secret', UsePreviousValue: true };
    const changed = parameters({ CodeBucket, CodeKey: 'v2.zip', Greeting: 'hi' });
    const update = {
      StackName: 'life',
      TemplateBody: stackTemplate,
      Capabilities: ['CAPABILITY_IAM' as const],
    };
    const Parameters = [...changed, kept];
    await client.send(new UpdateStackCommand({ ...update, Parameters }));
    const updated = await settled('life');
    expect(updated.StackStatus).toBe('UPDATE_COMPLETE');
    expect(output(updated, 'Url')).toBe(output(stack, 'Url'));
    expect(await (await greet(updated, 'swordfish')).json()).toEqual({ says: 'new hi' });
    await expect(client.send(new UpdateStackCommand({ ...update, Parameters }))).rejects.toThrow(
      'No updates are to be performed.',
    );

    const Bucket = output(updated, 'Bucket');
    const reads = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } as const;
    const partner = s3Client(aws, await buyerKeys(aws, 'partner', [reads], '777788889999'));
    const shared = await partner.send(new GetObjectCommand({ Bucket, Key: 'shared/x' }));
    expect(await shared.Body?.transformToString()).toBe('from 7');
    await s3.send(new PutObjectCommand({ Bucket, Key: 'own', Body: 'x' }));
    await expect(partner.send(new GetObjectCommand({ Bucket, Key: 'own' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'own' }));

    await client.send(new DeleteStackCommand({ StackName: 'life' }));
    const failed = await settled('life');
    expect(failed).toMatchObject({ StackStatus: 'DELETE_FAILED' });
    expect(failed.StackStatusReason).toMatch(/\[Data\].*The bucket you tried to delete is not empty/);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'shared/x' }));
    await client.send(new DeleteStackCommand({ StackName: 'life' }));
    expect((await settled(stack.StackId ?? '')).StackStatus).toBe('DELETE_COMPLETE');
    await expect(client.send(new DescribeStacksCommand({ StackName: 'life' }))).rejects.toThrow(
      'Stack with id life does not exist',
    );
    await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotFound' });
    expect((await greet(stack)).status).toBe(404);
    const lambda = new LambdaClient(clientConfig(aws, keys));
    await expect(lambda.send(new GetFunctionCommand({ FunctionName: 'life-greeter' }))).rejects.toMatchObject(
      {
        name: 'ResourceNotFoundException',
      },
    );
    expect(aws.standIn.services.iam.role(`arn:aws:iam::${buyerAccount}:role/life-greeter`)).toBeUndefined();
  });

  test('goes on after a stop in the middle of its making, and makes nothing twice', async () => {
    const made = {
      StackName: 'stopped',
      TemplateBody: stackTemplate,
      Parameters: parameters({ Secret: 'swordfish' }),
    };
    await client.send(new CreateStackCommand({ ...made, Capabilities: ['CAPABILITY_IAM'] }));
    for (const wanted of [2, 5, 9]) {
      await until('some resources', async () => {
        const { StackResourceSummaries = [] } = await client.send(
          new ListStackResourcesCommand({ StackName: 'stopped' }),
        );
        return StackResourceSummaries.length >= wanted;
      });
      await aws.restart();
    }
    const stack = await settled('stopped');
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    expect(await (await greet(stack, 'swordfish')).json()).toMatchObject({ says: 'hello' });
    const completed = (await reasons('stopped')).filter((each) => /^Greeter CREATE_COMPLETE/.test(each));
    expect(completed).toHaveLength(1);
    await client.send(new DeleteStackCommand({ StackName: 'stopped' }));
    await aws.restart();
    expect((await settled(stack.StackId ?? '')).StackStatus).toBe('DELETE_COMPLETE');
  });
});

describe('what fails is taken back, with the reason', () => {
  const s3 = () => s3Client(aws, keys);

  test.each<readonly [string, string, RegExp]>([
    [
      'a type that is not here',
      "  Topic: { Type: 'AWS::SNS::Topic', DependsOn: Bucket }",
      /\[Topic\].*Unrecognized resource types: \[AWS::SNS::Topic\]/,
    ],
    [
      'a property that is not here',
      "  Log: { Type: 'AWS::Logs::LogGroup', DependsOn: Bucket, Properties: { KmsKeyId: x } }",
      /\[Log\].*property KmsKeyId .* not supported/,
    ],
    [
      'a name in use',
      "  Other: { Type: 'AWS::S3::Bucket', DependsOn: Bucket, Properties: { BucketName: taken } }",
      /\[Other\].*bucket name is not available/,
    ],
    [
      'a function without code',
      `  Fn:
    Type: AWS::Lambda::Function
    DependsOn: Bucket
    Properties: { Runtime: nodejs20.x, Handler: index.handler, Role: 'arn:aws:iam::${buyerAccount}:role/none', Code: { S3Bucket: taken, S3Key: none } }`,
      /\[Fn\].*cannot be assumed by Lambda/,
    ],
  ])('%s', async (what, more, sentence) => {
    await s3().send(new CreateBucketCommand({ Bucket: 'taken' }));
    const name = what.replaceAll(' ', '-');
    const stack = await create(name, topic(`gone-${name}`, more));
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(stack.StackStatusReason).toMatch(sentence);
    const events = await reasons(name);
    expect(events).toContainEqual(expect.stringMatching(/^\w+ CREATE_FAILED ./));
    expect(events).toContainEqual('Bucket DELETE_COMPLETE ');
    await expect(s3().send(new HeadBucketCommand({ Bucket: `gone-${name}` }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await s3().send(new HeadBucketCommand({ Bucket: 'taken' }));
    const again = client.send(new UpdateStackCommand({ StackName: name, TemplateBody: topic('x') }));
    await expect(again).rejects.toThrow(/is in ROLLBACK_COMPLETE state and can not be updated/);
  });

  test('an update', async () => {
    const stack = await greeter('undone');
    const broken = stackTemplate
      .replace('Timeout: 30', 'Timeout: 31')
      .replace('[$request.header.Authorization]', '[nothing]');
    const update = { StackName: 'undone', TemplateBody: broken, Capabilities: ['CAPABILITY_IAM' as const] };
    const added = broken.replace(
      'Outputs:',
      `  New: { Type: 'AWS::S3::Bucket', Properties: { BucketName: undone-new } }\nOutputs:`,
    );
    const Parameters = [
      { ParameterKey: 'Secret', UsePreviousValue: true },
      ...parameters({ Greeting: 'bye' }),
    ];
    await client.send(new UpdateStackCommand({ ...update, TemplateBody: added, Parameters }));
    const back = await settled('undone');
    expect(back).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(back.StackStatusReason).toMatch(/\[Authorizer\].*Invalid identity source nothing/);
    expect(await (await greet(stack, 'swordfish')).json()).toMatchObject({ says: 'hello' });
    const lambda = new LambdaClient(clientConfig(aws, keys));
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: 'undone-greeter' }));
    expect(Configuration?.Timeout).toBe(30);
    await expect(s3().send(new HeadBucketCommand({ Bucket: 'undone-new' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  test('what the caller may not make', async () => {
    const stacks = { Effect: 'Allow', Action: 'cloudformation:*', Resource: '*' } as const;
    const poor = new CloudFormationClient(clientConfig(aws, await buyerKeys(aws, 'poor', [stacks])));
    await poor.send(new CreateStackCommand({ StackName: 'poor', TemplateBody: topic('poor-bucket') }));
    expect((await settled('poor')).StackStatusReason).toMatch(/not authorized to perform: s3:CreateBucket/);
  });
});

describe('a template is refused', () => {
  test.each<readonly [string, string, Record<string, string>, RegExp]>([
    ['that is no YAML', 'Resources: {', {}, /YAML not well-formed/],
    ['without resources', 'Description: x', {}, /At least one Resources member/],
    [
      'with a reference to nothing',
      topic('refused', '    DependsOn: Nothing'),
      {},
      /Unresolved resource dependencies \[Nothing\]/,
    ],
    [
      'with a circle',
      "Resources:\n  A: { Type: 'AWS::S3::Bucket', DependsOn: B }\n  B: { Type: 'AWS::S3::Bucket', DependsOn: A }",
      {},
      /Circular dependency/,
    ],
    [
      'with a function that is not here',
      topic('!ImportValue x'),
      {},
      /function !ImportValue is not supported/,
    ],
    ['with aliases', 'Resources: &a { B: *a }', {}, /aliases are not allowed|YAML not well-formed/],
    ['without a value of a parameter', stackTemplate, {}, /Parameters: \[Secret\] must have values/],
    [
      'with a value that is too short',
      stackTemplate,
      { Secret: 'abc' },
      /'Secret' must have length of at least 4/,
    ],
    [
      'with a value of another pattern',
      stackTemplate,
      { Secret: 'abcd', Greeting: 'A1' },
      /'Greeting' must match pattern/,
    ],
    [
      'with a parameter that it does not have',
      stackTemplate,
      { Secret: 'abcd', Other: '1' },
      /\[Other\] do not exist/,
    ],
  ])('%s', async (_, TemplateBody, values, sentence) => {
    const asked = { StackName: 'refused', TemplateBody, Parameters: parameters(values) };
    await expect(
      client.send(new CreateStackCommand({ ...asked, Capabilities: ['CAPABILITY_IAM'] })),
    ).rejects.toThrow(sentence);
    await expect(client.send(new DescribeStacksCommand({ StackName: 'refused' }))).rejects.toThrow(
      /does not exist/,
    );
  });

  test('with roles, unless the caller says that it knows', async () => {
    const asked = {
      StackName: 'refused',
      TemplateBody: stackTemplate,
      Parameters: parameters({ Secret: 'abcd' }),
    };
    const refused = client.send(new CreateStackCommand(asked));
    await expect(refused).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
      message: 'Requires capabilities : [CAPABILITY_IAM]',
    });
    const summary = await client.send(new GetTemplateSummaryCommand({ TemplateBody: stackTemplate }));
    expect(summary).toMatchObject({ Capabilities: ['CAPABILITY_IAM'] });
    expect(summary.Parameters?.map(({ ParameterKey }) => ParameterKey)).toEqual([
      'Greeting',
      'Secret',
      'CodeBucket',
      'CodeKey',
    ]);
  });
});

test('change sets say what would change, are executed once, and none is made of no changes', async () => {
  const named = { StackName: 'sets', ChangeSetName: 'first' };
  const TemplateBody = topic('sets-bucket');
  await client.send(new CreateChangeSetCommand({ ...named, TemplateBody, ChangeSetType: 'CREATE' }));
  const first = await client.send(new DescribeChangeSetCommand(named));
  expect(first).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
  expect(first.Changes?.[0]?.ResourceChange).toMatchObject({ Action: 'Add', LogicalResourceId: 'Bucket' });
  await client.send(new ExecuteChangeSetCommand(named));
  expect((await settled('sets')).StackStatus).toBe('CREATE_COMPLETE');
  await expect(client.send(new ExecuteChangeSetCommand(named))).rejects.toThrow(/cannot be executed/);
  const second = { ...named, ChangeSetName: 'second' };
  await client.send(new CreateChangeSetCommand({ ...second, TemplateBody, ChangeSetType: 'UPDATE' }));
  const none = await client.send(new DescribeChangeSetCommand(second));
  expect(none).toMatchObject({
    Status: 'FAILED',
    StatusReason: expect.stringContaining("didn't contain changes"),
  });
  const { StackId } = await settled('sets');
  const replaced = { ...named, ChangeSetName: 'third', TemplateBody: topic('sets-other') };
  await client.send(new CreateChangeSetCommand(replaced));
  await client.send(new ExecuteChangeSetCommand({ StackName: 'sets', ChangeSetName: 'third' }));
  expect(await settled('sets')).toMatchObject({ StackId, StackStatus: 'UPDATE_COMPLETE' });
  const s3 = s3Client(aws, keys);
  await s3.send(new HeadBucketCommand({ Bucket: 'sets-other' }));
  await expect(s3.send(new HeadBucketCommand({ Bucket: 'sets-bucket' }))).rejects.toMatchObject({
    name: 'NotFound',
  });
});
