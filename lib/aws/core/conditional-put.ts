import { randomUUID } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isAnnexError } from '@/lib/errors';
import { aws, wasRetried } from './errors';

interface ConditionalPut {
  readonly TableName: string;
  readonly item: Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };
  /** The `revision` of the item to replace; null to create the item. */
  readonly replaces: number | null;
}

/**
 * Puts `item` if the stored revision is still the one that it replaces; `doing` as for `aws`. Throws `conflict` if it
 * is not, except when an earlier attempt of the same put was stored but its response was lost. Each put has its own
 * `writeId` to recognise that, because two callers may write equal items.
 */
export async function conditionalPut(
  client: DynamoDBDocumentClient,
  doing: string,
  { TableName, item, replaces }: ConditionalPut,
): Promise<void> {
  const writeId = randomUUID();
  const put = new PutCommand({
    TableName,
    Item: { ...item, writeId },
    ...(replaces === null
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: 'revision = :revision',
          ExpressionAttributeValues: { ':revision': replaces },
        }),
  });
  try {
    await aws(doing, () => client.send(put));
  } catch (error) {
    if (!isAnnexError(error, 'conflict') || !wasRetried(error)) throw error;
    const { pk, sk } = item;
    const get = new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true });
    const present = await aws(doing, () => client.send(get));
    if (present.Item?.writeId !== writeId) throw error;
  }
}
