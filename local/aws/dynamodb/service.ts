import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { awsNames } from '@/local/aws-names';
import { openLevel } from '@/local/level-store';
import { DiskFull, requireSpace } from '../core/disk-space';
import { AwsError, type Caller, type Operation, type RpcService, type StandIn } from '../core/service';
import { type Engine, startEngine } from './engine';
import { checkExpressions } from './expressions';
import { shortName, type TableKeys, tableAccesses } from './leading-keys';
import { withAskedNames, withShortNames } from './table-names';

const itemOperations = [
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'BatchGetItem',
  'BatchWriteItem',
  'Scan',
] as const;
const tableOperations = [
  'CreateTable',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'ListTables',
  'ListTagsOfResource',
  'TagResource',
  'UntagResource',
  'UpdateTable',
] as const;

/** What stores something new. */
const writes: ReadonlySet<string> = new Set([
  'PutItem',
  'UpdateItem',
  'BatchWriteItem',
  'CreateTable',
  'UpdateTable',
  'TagResource',
]);

/** Requests by tenant. The index is sparse: only unfinished requests have `open`. */
const requestTable = (TableName: string) => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'open', 'openAt'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: keySchema('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'open', KeySchema: keySchema('open', 'openAt'), Projection: { ProjectionType: 'ALL' } },
  ],
});

function keySchema(hash: string, range: string) {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
}

/**
 * DynamoDB of the portal's account, stored in `<dir>/dynamodb`. Each request is authorised with its partition keys
 * before the engine sees it.
 */
export function createDynamoDb(standIn: StandIn, dir: string): RpcService {
  const path = join(dir, 'dynamodb');
  const schemas = new Map<string, TableKeys>();
  let engine: Engine | null = null;

  const call = async (operation: string, input: Readonly<Record<string, unknown>>) => {
    if (!engine) throw new AwsError('InternalServerError', 'DynamoDB is not running.', 500);
    // The engine answers no request whose write fails.
    if (writes.has(operation)) await requireSpace(path).catch(asDynamoDb);
    return engine.call(operation, input);
  };

  const schema = async (table: string): Promise<TableKeys> => {
    const known = schemas.get(table);
    if (known) return known;
    const keys = tableKeys(await call('DescribeTable', { TableName: table }));
    schemas.set(table, keys);
    return keys;
  };

  const arn = (table: string, index: string | null = null) =>
    `arn:aws:dynamodb:${standIn.region}:${standIn.portalAccountId}:table/${table}${index === null ? '' : `/index/${index}`}`;

  const authorizeItems = async (
    operation: string,
    input: Readonly<Record<string, unknown>>,
    caller: Caller,
  ) => {
    const accesses = await tableAccesses(operation, input, orUnknown(schema));
    if (accesses.length === 0) throw new AwsError('ValidationException', 'The request names no table.');
    for (const { table, index, action, leadingKeys } of accesses) {
      const context = leadingKeys === null ? {} : { 'dynamodb:LeadingKeys': leadingKeys };
      standIn.authorize(caller, `dynamodb:${action}`, arn(table, index), context);
    }
  };

  const onItems =
    (operation: string): Operation =>
    async (input, caller) => {
      await authorizeItems(operation, input, caller);
      checkExpressions(input);
      return withAskedNames(input, await call(operation, withShortNames(input)));
    };

  const onTables =
    (operation: string): Operation =>
    async (input, caller) => {
      const name = shortName(String(input.TableName ?? input.ResourceArn ?? ''));
      standIn.authorize(caller, `dynamodb:${operation}`, operation === 'ListTables' ? '*' : arn(name));
      schemas.delete(name);
      return call(operation, operation.endsWith('Resource') ? input : withShortNames(input));
    };

  return {
    name: 'dynamodb',
    protocol: 'json-1.0',
    operations: Object.fromEntries([
      ...itemOperations.map((name) => [name, onItems(name)] as const),
      ...tableOperations.map((name) => [name, onTables(name)] as const),
    ]),
    async start() {
      // Tables that were never reported ready may be incomplete. They have no data yet.
      const made = (await standIn.state.get('dynamodb', 'ready')) === true;
      if (!made) await rm(path, { recursive: true, force: true });
      // The engine opens the files by itself, and has no words for what is wrong with them.
      const holds = 'the DynamoDB tables: requests for workbenches and extracts';
      await (await openLevel({ dir: path, holds, made })).close();
      engine = await startEngine(path, standIn.portalAccountId, standIn.region);
      for (const name of [awsNames.workbenchTable, awsNames.extractsTable]) await ensureTable(engine, name);
      await standIn.state.put('dynamodb', 'ready', true);
    },
    async stop() {
      await engine?.close();
      engine = null;
    },
  };
}

/** A full disk in DynamoDB's words. */
function asDynamoDb(error: unknown): never {
  throw error instanceof DiskFull ? new AwsError('InternalServerError', error.message, 500) : error;
}

/**
 * An unknown table gets an empty schema. What follows refuses the request if it is not permitted, and otherwise reports
 * the missing table.
 */
function orUnknown(schema: (table: string) => Promise<TableKeys>) {
  return async (table: string): Promise<TableKeys> => {
    try {
      return await schema(table);
    } catch (error) {
      if (error instanceof AwsError) return { partitionKey: '', indexPartitionKeys: {} };
      throw error;
    }
  };
}

async function ensureTable(engine: Engine, TableName: string): Promise<void> {
  const { TableNames } = await engine.call('ListTables', {});
  if (!(TableNames as string[]).includes(TableName))
    await engine.call('CreateTable', requestTable(TableName));
  const status = async () => {
    const { Table } = await engine.call('DescribeTable', { TableName });
    return (Table as { TableStatus: string }).TableStatus;
  };
  for (let tries = 0; (await status()) !== 'ACTIVE'; tries += 1) {
    if (tries > 200) throw new Error(`The table ${TableName} does not become ACTIVE. Run npm run reset.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface Described {
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
}

function tableKeys(answer: Record<string, unknown>): TableKeys {
  const table = answer.Table as Described & {
    readonly GlobalSecondaryIndexes?: readonly (Described & { readonly IndexName: string })[];
    readonly LocalSecondaryIndexes?: readonly (Described & { readonly IndexName: string })[];
  };
  const hash = ({ KeySchema }: Described) =>
    KeySchema.find((key) => key.KeyType === 'HASH')?.AttributeName ?? '';
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  return {
    partitionKey: hash(table),
    indexPartitionKeys: Object.fromEntries(indexes.map((index) => [index.IndexName, hash(index)])),
  };
}
