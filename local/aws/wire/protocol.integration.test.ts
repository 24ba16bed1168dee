import { request } from 'node:http';
import {
  CancelUpdateStackCommand,
  CloudFormationClient,
  ListStackSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListDomainsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SearchProductsCommand, ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { awsNames, externalId, pooledRoleArn, siloRoleArn } from '@/local/aws-names';
import {
  clientConfig,
  type Keys,
  startTestAws,
  stsClient,
  type TestAws,
  tenantKeys,
} from '../testing/test-aws';

let aws: TestAws;

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', '222222222222');
});
afterAll(() => aws.stop());
beforeEach(() => {
  aws.warnings.length = 0;
});

const named = (name: string) => expect.objectContaining({ name });
const assume = (input: object, keys: Keys = aws.portal) =>
  stsClient(aws, keys).send(
    new AssumeRoleCommand({
      RoleArn: siloRoleArn('222222222222'),
      RoleSessionName: 's-1',
      ExternalId: externalId('foo'),
      Tags: [{ Key: 'TenantId', Value: 'foo' }],
      ...input,
    }),
  );

/** One harmless call of every service, to see how it refuses. */
function calls(keys: Keys): Record<string, () => Promise<unknown>> {
  const config = clientConfig(aws, keys);
  return {
    sts: () => new STSClient(config).send(new GetCallerIdentityCommand({})),
    cloudformation: () => new CloudFormationClient(config).send(new ListStackSetsCommand({})),
    servicecatalog: () => new ServiceCatalogClient(config).send(new SearchProductsCommand({})),
    sagemaker: () => new SageMakerClient(config).send(new ListDomainsCommand({})),
    sqs: () => new SQSClient(config).send(new ListQueuesCommand({})),
    dynamodb: () => new DynamoDBClient(config).send(new ListTablesCommand({})),
    s3: () => new S3Client({ ...config, forcePathStyle: true }).send(new ListBucketsCommand({})),
  };
}

async function refusals(keys: Keys): Promise<Record<string, string>> {
  const names: Record<string, string> = {};
  for (const [service, call] of Object.entries(calls(keys))) {
    names[service] = await call().then(
      () => 'answered',
      (error: Error) => error.name,
    );
  }
  return names;
}

test('an unknown key is refused in the words of each service', async () => {
  const json = 'UnrecognizedClientException';
  expect(await refusals({ accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' })).toEqual({
    sts: 'InvalidClientTokenId',
    cloudformation: 'InvalidClientTokenId',
    servicecatalog: json,
    sagemaker: json,
    sqs: json,
    dynamodb: json,
    s3: 'InvalidAccessKeyId',
  });
});

test('a wrong secret is refused in the words of each service', async () => {
  const json = 'InvalidSignatureException';
  expect(await refusals({ ...aws.portal, secretAccessKey: 'wrong' })).toEqual({
    sts: 'SignatureDoesNotMatch',
    cloudformation: 'SignatureDoesNotMatch',
    servicecatalog: json,
    sagemaker: json,
    sqs: json,
    dynamodb: json,
    s3: 'SignatureDoesNotMatch',
  });
});

test('a session without its token, or with another, is no session', async () => {
  const keys = await tenantKeys(aws, 'foo');
  const { accessKeyId, secretAccessKey } = keys;
  expect((await refusals({ accessKeyId, secretAccessKey })).sts).toBe('InvalidClientTokenId');
  expect((await refusals({ ...keys, sessionToken: 'AAAA' })).dynamodb).toBe('UnrecognizedClientException');
  expect((await refusals({ ...aws.portal, sessionToken: keys.sessionToken ?? '' })).s3).toBe(
    'InvalidAccessKeyId',
  );
});

test('an expired session is told from an unknown one, also after a restart', async () => {
  const keys = { accessKeyId: 'ASIAEXPIRED', secretAccessKey: 'secret', sessionToken: 'token' };
  const caller = {
    accountId: awsNames.portalAccountId,
    arn: pooledRoleArn,
    roleArn: pooledRoleArn,
    tags: { TenantId: 'foo' },
  };
  await aws.standIn.state.put('sts-sessions', keys.accessKeyId, {
    ...keys,
    expiresAt: Date.now() - 1000,
    caller,
  });
  await aws.restart();
  expect(await refusals(keys)).toMatchObject({
    sts: 'ExpiredToken',
    s3: 'ExpiredToken',
    dynamodb: 'ExpiredTokenException',
  });
});

test('AssumeRole gives a session of the role, which a restart keeps', async () => {
  const { Credentials, AssumedRoleUser } = await assume({ DurationSeconds: 900 });
  expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::222222222222:assumed-role/annex-tenant/s-1');
  const left = (Credentials?.Expiration?.getTime() ?? 0) - Date.now();
  expect(left).toBeGreaterThan(890_000);
  expect(left).toBeLessThanOrEqual(900_000);
  const keys = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  await aws.restart();
  const identity = await stsClient(aws, keys).send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({ Account: '222222222222', Arn: AssumedRoleUser?.Arn });
});

test.each([
  ['without an external id', { ExternalId: undefined }, 'AccessDenied'],
  ['with the external id of another tenant', { ExternalId: externalId('bar') }, 'AccessDenied'],
  ['with the tag of another tenant', { Tags: [{ Key: 'TenantId', Value: 'bar' }] }, 'AccessDenied'],
  ['without the tag', { Tags: [] }, 'AccessDenied'],
  [
    'with a tag more',
    {
      Tags: [
        { Key: 'TenantId', Value: 'foo' },
        { Key: 'x', Value: 'y' },
      ],
    },
    'AccessDenied',
  ],
  ['of an account that has no such role', { RoleArn: siloRoleArn('444444444444') }, 'AccessDenied'],
  [
    'of the portal itself',
    { RoleArn: `arn:aws:iam::${awsNames.portalAccountId}:role/annex-portal` },
    'AccessDenied',
  ],
  [
    'of the pooled role for another tenant',
    { RoleArn: pooledRoleArn, ExternalId: externalId('bar') },
    'AccessDenied',
  ],
  ['for longer than the role lasts', { DurationSeconds: 43_200 }, 'ValidationError'],
  ['with a session policy, which would be ignored', { Policy: '{}' }, 'ValidationError'],
  ['of no ARN', { RoleArn: 'annex-tenant-annex-tenant' }, 'ValidationError'],
])('AssumeRole %s is refused', async (_, input, name) => {
  await expect(assume(input)).rejects.toThrow(named(name));
});

test('a tenant session assumes nothing further', async () => {
  await expect(assume({}, await tenantKeys(aws, 'foo'))).rejects.toThrow(named('AccessDenied'));
});

test('an operation that is not here answers in the shape of AWS, and is logged', async () => {
  const config = clientConfig(aws, aws.portal);
  const sts = new STSClient(config).send(new GetSessionTokenCommand({}));
  await expect(sts).rejects.toMatchObject({ name: 'InvalidAction', $metadata: { httpStatusCode: 400 } });
  await expect(
    new CloudFormationClient(config).send(new CancelUpdateStackCommand({ StackName: 'x' })),
  ).rejects.toThrow(named('InvalidAction'));
  const transaction = new TransactWriteItemsCommand({ TransactItems: [] });
  await expect(new DynamoDBClient(config).send(transaction)).rejects.toThrow(
    named('UnknownOperationException'),
  );
  expect(aws.warnings.map(({ fields }) => (fields as { operation: string }).operation)).toEqual([
    'sts.GetSessionToken',
    'cloudformation.CancelUpdateStack',
    'dynamodb.TransactWriteItems',
  ]);
});

test('a service that is not here, and another region, are refused', async () => {
  const elsewhere = { ...clientConfig(aws, aws.portal), region: 'eu-west-1' };
  await expect(new SQSClient(elsewhere).send(new ListQueuesCommand({}))).rejects.toThrow(
    named('InvalidSignatureException'),
  );
});

test('unsigned and malformed requests get an answer', async () => {
  const { origin } = aws;
  const post = (headers: Record<string, string>, body = '{}') =>
    fetch(origin, { method: 'POST', headers, body });
  const json = await post({
    'x-amz-target': 'DynamoDB_20120810.GetItem',
    'content-type': 'application/x-amz-json-1.0',
  });
  expect([json.status, await json.json()]).toEqual([
    400,
    expect.objectContaining({ __type: 'MissingAuthenticationTokenException' }),
  ]);
  const query = await post(
    { 'content-type': 'application/x-www-form-urlencoded' },
    'Action=GetCallerIdentity',
  );
  expect([query.status, await query.text()]).toEqual([
    403,
    expect.stringContaining('<Code>MissingAuthenticationToken</Code>'),
  ]);
  const broken = await post({ authorization: 'AWS4-HMAC-SHA256 nonsense' });
  expect(broken.status).toBe(400);
  const large = await post(
    {
      authorization:
        'AWS4-HMAC-SHA256 Credential=A/20200101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=a',
      'x-amz-date': '20200101T000000Z',
    },
    'x'.repeat(17 * 1024 * 1024),
  ).catch(() => null);
  expect(large === null || large.status === 413).toBe(true);
  expect((await fetch(`${origin}/_annex/health`)).status).toBe(200);
});

test('a fault happens where and as often as it was asked for', async () => {
  const faults = `${aws.origin}/_annex/faults`;
  const ask = (body: object, headers = {}) =>
    fetch(faults, { method: 'POST', body: JSON.stringify(body), headers });
  await ask({
    point: 'request',
    subject: 'sqs.ListQueues',
    message: 'ThrottlingException: Rate exceeded',
    times: 1,
  });
  const list = calls(aws.portal).sqs;
  await expect(list?.()).rejects.toThrow(named('ThrottlingException'));
  await expect(list?.()).resolves.toBeDefined();
  await ask({ point: 'baseline.fail', subject: 'foo', times: 5 });
  expect(aws.standIn.fault('baseline.fail', 'bar')).toBeNull();
  expect(aws.standIn.fault('baseline.fail', 'foo')).toBe('Asked for by a trial.');
  expect(await (await fetch(faults)).json()).toMatchObject({
    faults: [{ point: 'baseline.fail', times: 4 }],
  });
  await fetch(`${faults}?subject=bar`, { method: 'DELETE' });
  expect(aws.standIn.fault('baseline.fail', 'foo')).not.toBeNull();
  await fetch(`${faults}?subject=foo`, { method: 'DELETE' });
  expect(aws.standIn.fault('baseline.fail', 'foo')).toBeNull();
  await ask({ point: 'baseline.fail', subject: 'foo' });
  await fetch(faults, { method: 'DELETE' });
  expect(aws.standIn.fault('baseline.fail', 'foo')).toBeNull();
  expect((await ask({ times: 1 })).status).toBe(400);
  expect((await ask({ point: 'x' }, { origin: 'https://evil.example' })).status).toBe(403);
  const statusAt = (host: string) =>
    new Promise((resolve, reject) => {
      const asked = request(`${aws.origin}/_annex/calls`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject).end();
    });
  for (const host of ['localhost', '127.0.0.1:4566', '[::1]:4566'])
    expect(await statusAt(host), host).toBe(200);
  for (const host of ['127.attacker.example', 'localhost.attacker.example', '127.0.0.1.nip.io:4566']) {
    expect(await statusAt(host), host).toBe(403);
  }
});
