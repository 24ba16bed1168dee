import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsNames } from '@/local/aws-names';
import { tableArn } from '../iam/arns';
import { dynamoClient, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';

const TableName = awsNames.workbenchTable;
let aws: TestAws;
let portal: DynamoDBClient;
let foo: DynamoDBClient;
let bar: DynamoDBClient;
/** The same tenant with the keys of its own account. */
let fooAccount: DynamoDBClient;

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', '222222222222');
  portal = dynamoClient(aws, aws.portal);
  foo = dynamoClient(aws, await tenantKeys(aws, 'foo'));
  bar = dynamoClient(aws, await tenantKeys(aws, 'bar'));
  fooAccount = dynamoClient(aws, await tenantKeys(aws, 'foo', '222222222222'));
});
afterAll(() => aws.stop());

const denied = expect.objectContaining({ name: 'AccessDeniedException' });
const key = (tenant: string, sk: string) => ({ pk: { S: `TENANT#${tenant}` }, sk: { S: sk } });
const put = (client: DynamoDBClient, tenant: string, sk: string, more = {}) =>
  client.send(new PutItemCommand({ TableName, Item: { ...key(tenant, sk), ...more } }));
const get = async (client: DynamoDBClient, tenant: string, sk: string, name: string = TableName) =>
  (await client.send(new GetItemCommand({ TableName: name, Key: key(tenant, sk), ConsistentRead: true })))
    .Item;
const query = (client: DynamoDBClient, tenant: string, more: Partial<QueryCommandInput> = {}) =>
  client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: '#p = :p AND begins_with(sk, :s)',
      ExpressionAttributeNames: { '#p': 'pk' },
      ExpressionAttributeValues: { ':p': { S: `TENANT#${tenant}` }, ':s': { S: '' } },
      ...more,
    }),
  );

test.each([awsNames.workbenchTable, awsNames.extractsTable])(
  'has its table %s, on demand, with the sparse index',
  async (table) => {
    const { Table } = await portal.send(new DescribeTableCommand({ TableName: table }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: tableArn(table),
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      GlobalSecondaryIndexes: [{ IndexName: 'open', IndexStatus: 'ACTIVE' }],
    });
  },
);

test('shows the reconciler alone what is open', async () => {
  const { TableNames } = await portal.send(new ListTablesCommand({}));
  expect(TableNames).toEqual([awsNames.extractsTable, awsNames.workbenchTable]);
  await put(foo, 'foo', 'OPEN', { open: { S: 'open' }, openAt: { S: '2026-01-01' } });
  await put(foo, 'foo', 'DONE');
  await expect(put(portal, 'foo', 'DONE')).rejects.toThrow(denied);
  const onIndex = {
    IndexName: 'open',
    KeyConditionExpression: '#o = :p',
    ExpressionAttributeNames: { '#o': 'open' },
    ExpressionAttributeValues: { ':p': { S: 'open' } },
  };
  expect((await query(portal, '', onIndex)).Items?.map(({ sk }) => sk?.S)).toEqual(['OPEN']);
  await expect(query(foo, 'foo', onIndex)).rejects.toThrow(denied);
});

test('a tenant reads its own items with either of its roles, by name or ARN, and writes them conditionally with the pooled one', async () => {
  await put(foo, 'foo', 'A', { n: { N: '1' } });
  const again = { TableName, Item: key('foo', 'A'), ConditionExpression: 'attribute_not_exists(pk)' };
  await expect(foo.send(new PutItemCommand(again))).rejects.toThrow(
    expect.objectContaining({ name: 'ConditionalCheckFailedException' }),
  );
  const kept = await foo
    .send(new PutItemCommand({ ...again, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }))
    .catch((e) => e);
  expect(kept.name).toBe('ConditionalCheckFailedException');
  const raise = {
    TableName,
    Key: key('foo', 'A'),
    UpdateExpression: 'SET n = n + :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  };
  await expect(fooAccount.send(new UpdateItemCommand(raise))).rejects.toThrow(denied);
  await expect(put(fooAccount, 'foo', 'FORGED')).rejects.toThrow(denied);
  await foo.send(new UpdateItemCommand(raise));
  expect(await get(foo, 'foo', 'A')).toMatchObject({ n: { N: '2' } });
  expect(await get(fooAccount, 'foo', 'A', tableArn(TableName))).toMatchObject({ n: { N: '2' } });
  const { Items } = await query(foo, 'foo');
  expect(Items?.map(({ sk }) => sk?.S)).toEqual(['A', 'DONE', 'OPEN']);
});

test('no expression of one tenant keeps the engine from the others', async () => {
  const ExpressionAttributeValues = { ':p': { S: 'TENANT#foo' }, ':a': { S: 'x' } };
  const filtered = {
    ExpressionAttributeValues,
    FilterExpression: `${'NOT ('.repeat(16)}a = :a${')'.repeat(16)}`,
  };
  await expect(query(foo, 'foo', filtered)).rejects.toThrow(
    expect.objectContaining({ name: 'ValidationException' }),
  );
});

test('a tenant reaches nothing of another, in any operation', async () => {
  await put(bar, 'bar', 'SECRET');
  for (const client of [foo, fooAccount]) {
    await expect(get(client, 'bar', 'SECRET')).rejects.toThrow(denied);
    await expect(get(client, 'bar', 'SECRET', tableArn(TableName))).rejects.toThrow(denied);
    await expect(put(client, 'bar', 'SECRET')).rejects.toThrow(denied);
    await expect(query(client, 'bar')).rejects.toThrow(denied);
    await expect(client.send(new ScanCommand({ TableName }))).rejects.toThrow(denied);
    const Keys = [key('foo', 'A'), key('bar', 'SECRET')];
    await expect(
      client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } })),
    ).rejects.toThrow(denied);
    const write = [
      { PutRequest: { Item: key('foo', 'B') } },
      { DeleteRequest: { Key: key('bar', 'SECRET') } },
    ];
    await expect(
      client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: write } })),
    ).rejects.toThrow(denied);
    await expect(client.send(new DescribeTableCommand({ TableName }))).rejects.toThrow(denied);
  }
  const old = {
    KeyConditionExpression: undefined,
    ExpressionAttributeNames: undefined,
    ExpressionAttributeValues: undefined,
  };
  const KeyConditions = {
    pk: { ComparisonOperator: 'EQ' as const, AttributeValueList: [{ S: 'TENANT#bar' }] },
  };
  await expect(query(foo, 'bar', { ...old, KeyConditions })).rejects.toThrow(denied);
  const from = { ExclusiveStartKey: key('bar', 'A') };
  const crept = await query(foo, 'foo', from).catch(() => ({ Items: [] }));
  expect(crept.Items?.every(({ pk }) => pk?.S === 'TENANT#foo')).toBe(true);
  expect(await get(bar, 'bar', 'SECRET')).toBeDefined();
  expect(await get(foo, 'foo', 'B')).toBeUndefined();
});

test('batches of its own work', async () => {
  const write = ['C', 'D'].map((sk) => ({ PutRequest: { Item: key('foo', sk) } }));
  await foo.send(new BatchWriteItemCommand({ RequestItems: { [tableArn(TableName)]: write } }));
  const Keys = [key('foo', 'C'), key('foo', 'D')];
  const { Responses } = await foo.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }));
  expect(Responses?.[TableName]).toHaveLength(2);
});

test('reports what DynamoDB reports', async () => {
  const missing = { TableName: 'annex-missing', Key: key('foo', 'A') };
  await expect(foo.send(new GetItemCommand(missing))).rejects.toThrow();
  await expect(foo.send(new GetItemCommand({ TableName, Key: { pk: { S: 'TENANT#foo' } } }))).rejects.toThrow(
    expect.objectContaining({ name: 'ValidationException' }),
  );
});

test('keeps items across a restart', async () => {
  await put(foo, 'foo', 'KEPT', { list: { L: [{ S: 'é' }, { BOOL: true }] } });
  await aws.restart();
  expect(await get(foo, 'foo', 'KEPT')).toMatchObject({ list: { L: [{ S: 'é' }, { BOOL: true }] } });
});
