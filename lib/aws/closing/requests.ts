import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { env } from '@/lib/env';
import { AnnexError } from '@/lib/errors';
import { tenantClient } from '../core/clients';
import { aws } from '../core/errors';
import { partitionOf } from '../core/items';

/** DynamoDB's limit of a batch. */
const batchSize = 25;

const tables = () => [env().ANNEX_WORKBENCH_TABLE, env().ANNEX_EXTRACTS_TABLE];

const clientOf = (tenantId: string) =>
  DynamoDBDocumentClient.from(tenantClient(DynamoDBClient, { kind: 'pooled', tenantId }));

type Key = Readonly<Record<string, unknown>>;

/** Pages of the keys of the tenant's items. */
async function* keys(tenantId: string, TableName: string): AsyncGenerator<readonly Key[]> {
  const pages = paginateQuery(
    { client: clientOf(tenantId), pageSize: 500 },
    {
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partitionOf(tenantId) },
      ProjectionExpression: 'pk, sk',
    },
  );
  for (;;) {
    const { done, value } = await aws('listing requests', () => pages.next());
    if (done) return;
    yield value.Items ?? [];
  }
}

/** Workbench and extract requests of the tenant. */
export async function countRequests(tenantId: string): Promise<number> {
  let count = 0;
  for (const table of tables()) for await (const page of keys(tenantId, table)) count += page.length;
  return count;
}

export async function deleteRequests(tenantId: string): Promise<void> {
  for (const table of tables()) {
    for await (const page of keys(tenantId, table)) {
      for (let from = 0; from < page.length; from += batchSize)
        await deleteBatch(tenantId, table, page.slice(from, from + batchSize));
    }
  }
}

async function deleteBatch(tenantId: string, table: string, batch: readonly Key[]): Promise<void> {
  const RequestItems = { [table]: batch.map((key) => ({ DeleteRequest: { Key: { ...key } } })) };
  const { UnprocessedItems = {} } = await aws('deleting requests', () =>
    clientOf(tenantId).send(new BatchWriteCommand({ RequestItems })),
  );
  if (Object.keys(UnprocessedItems).length > 0)
    throw new AnnexError('throttled', 'DynamoDB did not delete all requests yet. It is tried again.', {
      transient: true,
    });
}
