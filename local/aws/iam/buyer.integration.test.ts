import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { SearchProductsCommand, ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsNames, externalId, pooledRoleArn, siloRoleArn } from '@/local/aws-names';
import {
  clientConfig,
  dynamoClient,
  type Keys,
  s3Client,
  sqsClient,
  startTestAws,
  stsClient,
  type TestAws,
} from '../testing/test-aws';
import { readBuyerCredentials } from './portal-credentials';

let aws: TestAws;
let buyer: Keys;

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', '222222222222');
  buyer = await readBuyerCredentials(aws.dir);
});
afterAll(() => aws.stop());

const Key = { pk: { S: 'TENANT#foo' }, sk: { S: 'x' } };
const denied = expect.stringMatching(/^AccessDenied/);

test('the administrator of the buyer has a key of its own, which a restart keeps', async () => {
  expect((await stat(join(aws.dir, 'aws', 'buyer-credentials.json'))).mode & 0o777).toBe(0o600);
  await aws.restart();
  const who = await stsClient(aws, buyer).send(new GetCallerIdentityCommand({}));
  expect(who.Account).toBe(awsNames.buyerAccountId);
});

test('it reaches nothing of the portal’s and of tenants’ accounts, though its policy allows everything', async () => {
  const sts = stsClient(aws, buyer);
  const asked = {
    RoleSessionName: 'buyer',
    ExternalId: externalId('foo'),
    Tags: [{ Key: 'TenantId', Value: 'foo' }],
  };
  const calls = [
    sqsClient(aws, buyer).send(new ListQueuesCommand({})),
    new ServiceCatalogClient(clientConfig(aws, buyer)).send(new SearchProductsCommand({})),
    dynamoClient(aws, buyer).send(new GetItemCommand({ TableName: awsNames.workbenchTable, Key })),
    s3Client(aws, buyer).send(new ListObjectsV2Command({ Bucket: 'annex-foo-222222222222' })),
    sts.send(new AssumeRoleCommand({ ...asked, RoleArn: siloRoleArn('222222222222') })),
    sts.send(new AssumeRoleCommand({ ...asked, RoleArn: pooledRoleArn })),
  ];
  const results = await Promise.allSettled(calls);
  expect(results.map((each) => (each.status === 'rejected' ? each.reason.name : 'allowed'))).toEqual(
    calls.map(() => denied),
  );
});

test('a role of the tenants’ name in the buyer’s account is outside the organization', async () => {
  const { iam } = aws.standIn.services;
  const arn = siloRoleArn(awsNames.buyerAccountId);
  const admin = `arn:aws:iam::${awsNames.buyerAccountId}:role/${awsNames.buyerRole}`;
  const policies = [
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  ] as const;
  await iam.putRole({ arn, trust: { principals: [admin], requestTags: { TenantId: '*' } }, policies });
  const assumed = await stsClient(aws, buyer).send(
    new AssumeRoleCommand({
      RoleArn: arn,
      RoleSessionName: 'test',
      Tags: [{ Key: 'TenantId', Value: 'foo' }],
    }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = assumed.Credentials ?? {};
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const TableName = `arn:aws:dynamodb:${awsNames.region}:${awsNames.portalAccountId}:table/${awsNames.workbenchTable}`;
  const read = dynamoClient(aws, keys).send(new GetItemCommand({ TableName, Key }));
  await expect(read).rejects.toMatchObject({ name: denied });
});
