import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { WorkbenchRequest, WorkbenchStore } from '../domain/workbench/ports';
import { env } from '../env';
import { AnnexError, isAnnexError } from '../errors';
import { tenantClient } from './clients';
import { aws } from './errors';
import { itemOf, partitionOf, requestOf, sortKeyOf, type WorkbenchItem } from './workbench-item';

/** Sort key of the item that names the tenant's one live request. */
const liveKey = 'WORKBENCH_LIVE';

/**
 * The tenant's workbench requests in DynamoDB, with credentials that reach this tenant's partition only.
 *
 * One live request: a conditional put of the pointer item decides, and the pointer carries the request as it began. The
 * request's own item follows; when a crash comes between the two, the next reader puts it from the pointer.
 */
export function workbenchStore(tenantId: string): WorkbenchStore {
  const TableName = env().ANNEX_WORKBENCH_TABLE;
  const pk = partitionOf(tenantId);
  const client = () =>
    DynamoDBDocumentClient.from(tenantClient(DynamoDBClient, { kind: 'pooled', tenantId }));

  async function read(sk: string): Promise<Record<string, unknown> | undefined> {
    const answer = await aws('reading the workbench', () =>
      client().send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true })),
    );
    return answer.Item;
  }

  /** Throws `conflict` when something is there under `sk` already. */
  async function putNew(sk: string, content: Record<string, unknown>): Promise<void> {
    await aws('recording the workbench', () =>
      client().send(
        new PutCommand({
          TableName,
          Item: { ...content, pk, sk },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
  }

  async function requestAt(pointer: Record<string, unknown>): Promise<WorkbenchRequest> {
    const seed = requestOf(pointer.seed);
    const sk = sortKeyOf(seed.requestId);
    const stored = await read(sk);
    if (stored) return requestOf(stored);
    try {
      await putNew(sk, itemOf(seed));
      return seed;
    } catch (error) {
      if (!isAnnexError(error, 'conflict')) throw error;
      return requestOf(await read(sk));
    }
  }

  async function live(): Promise<WorkbenchRequest | null> {
    const pointer = await read(liveKey);
    return pointer ? requestAt(pointer) : null;
  }

  return {
    live,
    async get(requestId) {
      const stored = await read(sortKeyOf(requestId));
      if (stored) return requestOf(stored);
      const present = await live();
      return present?.requestId === requestId ? present : null;
    },
    async createLive(request) {
      const { open: _, openAt: __, ...seed } = itemOf(request);
      try {
        await putNew(liveKey, { requestId: request.requestId, seed: seed satisfies WorkbenchItem });
      } catch (error) {
        if (!isAnnexError(error, 'conflict')) throw error;
      }
      const present = await live();
      if (!present)
        throw new AnnexError('dependency_failed', 'The workbench could not be recorded. Try again.');
      return present;
    },
    async update(request) {
      const next = { ...request, revision: request.revision + 1 };
      await aws('recording the workbench', () =>
        client().send(
          new PutCommand({
            TableName,
            Item: { ...itemOf(next), pk, sk: sortKeyOf(request.requestId) },
            ConditionExpression: 'revision = :revision',
            ExpressionAttributeValues: { ':revision': request.revision },
          }),
        ),
      );
      return next;
    },
  };
}
