import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '@/lib/domain/cursor';
import { portalClient } from './clients';
import { aws } from './errors';

/** A partition of the sparse index `open` of a table; `doing` says in an error what was going on. */
interface OpenIndex {
  readonly table: string;
  readonly partition: string;
  readonly doing: string;
}

const position = z.object({ pk: z.string(), sk: z.string(), open: z.string(), openAt: z.string() });

/** Asks the index for all tenants' open items, the longest untouched first, by the portal's own role. */
export function queryOpen(
  { table, partition, doing }: OpenIndex,
  more: Pick<QueryCommandInput, 'Select' | 'Limit' | 'ExclusiveStartKey'>,
): Promise<QueryCommandOutput> {
  const client = DynamoDBDocumentClient.from(portalClient(DynamoDBClient));
  return aws(doing, () =>
    client.send(
      new QueryCommand({
        ...more,
        TableName: table,
        IndexName: 'open',
        KeyConditionExpression: '#open = :open',
        ExpressionAttributeNames: { '#open': 'open' },
        ExpressionAttributeValues: { ':open': partition },
      }),
    ),
  );
}

/**
 * One page of what `queryOpen` finds: `found` is what `namesOf` makes of each item's keys, with the time of its last change.
 * Throws `invalid` for an `after` that no page gave.
 */
export async function openPage<N extends object>(
  index: OpenIndex,
  namesOf: (keys: Record<string, unknown>) => N | null,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ readonly found: readonly (N & { readonly updatedAt: Date })[]; readonly next: string | null }> {
  const answer = await queryOpen(index, {
    Limit: limit,
    ...(after === undefined ? {} : { ExclusiveStartKey: decodeCursor(position, after) }),
  });
  const found = (answer.Items ?? []).flatMap((keys) => {
    const names = namesOf(keys);
    return names ? [{ ...names, updatedAt: new Date(String(keys.openAt)) }] : [];
  });
  return { found, next: answer.LastEvaluatedKey ? encodeCursor(answer.LastEvaluatedKey) : null };
}
