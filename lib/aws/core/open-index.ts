import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '@/lib/domain/cursor';
import { portalClient } from './clients';
import { aws } from './errors';

/** A partition of a table's index `open`; `doing` as for `aws`. */
interface OpenIndex {
  readonly table: string;
  readonly partition: string;
  readonly doing: string;
}

const position = z.object({ pk: z.string(), sk: z.string(), open: z.string(), openAt: z.string() });

/** Query for the items of all tenants in the partition, longest unchanged first. */
const openItems = ({ table, partition }: OpenIndex) => ({
  TableName: table,
  IndexName: 'open',
  KeyConditionExpression: '#open = :open',
  ExpressionAttributeNames: { '#open': 'open' },
  ExpressionAttributeValues: { ':open': partition },
});

const client = () => DynamoDBDocumentClient.from(portalClient(DynamoDBClient));

/** Counts the open items with the portal's own role. Reads nothing else of them. */
export function countOpen(index: OpenIndex): Promise<number> {
  return aws(index.doing, async () => {
    let count = 0;
    const pages = paginateQuery({ client: client() }, { ...openItems(index), Select: 'COUNT' });
    for await (const { Count = 0 } of pages) count += Count;
    return count;
  });
}

/**
 * One page of the items of all tenants in the partition, longest unchanged first unless `latestFirst`, read with the portal's own
 * role. `found` has, per item, what `read` makes of it, and the time of its last change. Throws `invalid` for an `after` that no
 * page returned.
 */
export async function openPage<N extends object>(
  index: OpenIndex,
  read: (item: Record<string, unknown>) => N | null,
  {
    after,
    limit,
    latestFirst = false,
  }: { readonly after?: string | undefined; readonly limit: number; readonly latestFirst?: boolean },
): Promise<{ readonly found: readonly (N & { readonly updatedAt: Date })[]; readonly next: string | null }> {
  const query = new QueryCommand({
    ...openItems(index),
    Limit: limit,
    ScanIndexForward: !latestFirst,
    ...(after === undefined ? {} : { ExclusiveStartKey: decodeCursor(position, after) }),
  });
  const answer = await aws(index.doing, () => client().send(query));
  const found = (answer.Items ?? []).flatMap((item) => {
    const one = read(item);
    return one ? [{ ...one, updatedAt: new Date(String(item.openAt)) }] : [];
  });
  return { found, next: answer.LastEvaluatedKey ? encodeCursor(answer.LastEvaluatedKey) : null };
}
