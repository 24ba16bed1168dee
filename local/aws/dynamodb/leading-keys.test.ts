import { expect, test } from 'vitest';
import { tableAccesses } from './leading-keys';

const schema = async (table: string) =>
  table === 't'
    ? { partitionKey: 'pk', indexPartitionKeys: { open: 'open' } }
    : { partitionKey: 'id', indexPartitionKeys: {} };

async function keys(operation: string, input: Record<string, unknown>) {
  return (await tableAccesses(operation, input, schema)).map(({ table, leadingKeys }) => [
    table,
    leadingKeys,
  ]);
}

const a = { S: 'A' };

test.each([
  ['GetItem', { TableName: 't', Key: { pk: a, sk: a } }, ['A']],
  ['DeleteItem', { TableName: 'arn:aws:dynamodb:us-east-1:1:table/t', Key: { pk: a } }, ['A']],
  ['UpdateItem', { TableName: 't', Key: { pk: { N: '7' } } }, ['7']],
  ['PutItem', { TableName: 't', Item: { pk: a, other: { S: 'B' } } }, ['A']],
  ['PutItem', { TableName: 't', Item: { sk: a } }, null],
  ['GetItem', { TableName: 't' }, null],
  ['Scan', { TableName: 't' }, null],
  ['ExecuteStatement', { Statement: 'select' }, null],
])('%s %j', async (operation, input, expected) => {
  expect((await keys(operation, input))[0]?.[1]).toEqual(expected);
});

const query = (input: Record<string, unknown>) =>
  keys('Query', { TableName: 't', ExpressionAttributeValues: { ':a': a, ':b': { S: 'B' } }, ...input });

test.each([
  ['pk = :a', ['A']],
  ['pk=:a', ['A']],
  ['(pk = :a) AND begins_with(sk, :b)', ['A']],
  ['sk BETWEEN :a AND :b and pk = :b', ['B']],
  ['pk = :a AND pk = :b', ['A', 'B']],
  ['pk > :a', null],
  ['sk = :a', null],
  ['pk = :a OR pk = :b', null],
  ['NOT pk = :a', null],
  ['pk = :missing', null],
  ['pk = :a AND begins_with(pk, :b)', null],
  ['xpk = :a', null],
  ['pk = :a; drop', null],
  ['', null],
])('Query %s', async (KeyConditionExpression, expected) => {
  expect(await query({ KeyConditionExpression })).toEqual([['t', expected]]);
});

test('Query resolves names', async () => {
  const KeyConditionExpression = '#p = :a AND #s = :b';
  const names = { '#p': 'pk', '#s': 'sk' };
  expect(await query({ KeyConditionExpression, ExpressionAttributeNames: names })).toEqual([['t', ['A']]]);
  const swapped = { '#p': 'sk', '#s': 'pk' };
  expect(await query({ KeyConditionExpression, ExpressionAttributeNames: swapped })).toEqual([['t', ['B']]]);
});

test('Query on an index goes by the key of the index', async () => {
  const onIndex = { IndexName: 'open', KeyConditionExpression: 'open = :a' };
  expect(await query(onIndex)).toEqual([['t', ['A']]]);
  expect(await query({ ...onIndex, KeyConditionExpression: 'pk = :a' })).toEqual([['t', null]]);
  expect(await query({ ...onIndex, IndexName: 'unknown' })).toEqual([['t', null]]);
});

test.each(['__proto__', 'constructor', 'toString', ''])(
  'Query on the index %j, which is none',
  async (IndexName) => {
    const { [IndexName]: inherited } = {} as Record<string, unknown>;
    const KeyConditions = { [String(inherited)]: { ComparisonOperator: 'EQ', AttributeValueList: [a] } };
    expect((await query({ IndexName, KeyConditions }))[0]?.[1]).toBeNull();
  },
);

test('Query of the old kind', async () => {
  const pk = { ComparisonOperator: 'EQ', AttributeValueList: [a] };
  expect(await keys('Query', { TableName: 't', KeyConditions: { pk } })).toEqual([['t', ['A']]]);
  const both = { KeyConditions: { pk }, KeyConditionExpression: 'pk = :b' };
  expect(await query(both)).toEqual([['t', null]]);
});

test('batches name each table with all its keys, or with none when one is unknown', async () => {
  const RequestItems = {
    t: { Keys: [{ pk: a }, { pk: { S: 'B' } }] },
    u: { Keys: [{ id: a }, { other: a }] },
  };
  expect(await keys('BatchGetItem', { RequestItems })).toEqual([
    ['t', ['A', 'B']],
    ['u', null],
  ]);
  const writes = {
    t: [{ PutRequest: { Item: { pk: a } } }, { DeleteRequest: { Key: { pk: { S: 'C' } } } }],
    u: [{}],
    v: [{ PutRequest: { Item: { id: a } }, DeleteRequest: { Key: { id: { S: 'C' } } } }],
  };
  expect(await keys('BatchWriteItem', { RequestItems: writes })).toEqual([
    ['t', ['A', 'C']],
    ['u', null],
    ['v', ['A', 'C']],
  ]);
  expect(await keys('BatchGetItem', {})).toEqual([]);
});
