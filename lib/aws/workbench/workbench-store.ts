import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { WorkbenchRequest, WorkbenchStore } from '@/lib/domain/workbench/ports';
import { env } from '@/lib/env';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { tenantClient } from '../core/clients';
import { conditionalPut } from '../core/conditional-put';
import { aws } from '../core/errors';
import { partitionOf } from '../core/items';
import { itemOf, requestOf, sortKeyOf, type WorkbenchItem } from './workbench-item';

/** Sort key of the item that points to the tenant's live request. */
const liveKey = 'WORKBENCH_LIVE';

/**
 * The tenant's workbench requests in DynamoDB, with credentials that reach this tenant's partition only.
 *
 * A conditional put of the pointer item makes sure that there is one live request. The pointer carries the request as it began.
 * The request's own item is written next; if a crash comes between the two, the next reader writes it from the pointer.
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

  /** Throws `conflict` unless the item at `sk` has the revision `replaces`, or, if that is null, does not exist. */
  const put = (sk: string, content: Record<string, unknown>, replaces: number | null = null) =>
    conditionalPut(client(), 'recording the workbench', {
      TableName,
      item: { ...content, pk, sk },
      replaces,
    });

  async function requestAt(pointer: Record<string, unknown>): Promise<WorkbenchRequest> {
    const seed = requestOf(pointer.seed);
    const sk = sortKeyOf(seed.requestId);
    const stored = await read(sk);
    if (stored) return requestOf(stored);
    try {
      await put(sk, itemOf(seed));
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
        await put(liveKey, { requestId: request.requestId, seed: seed satisfies WorkbenchItem });
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
      await put(sortKeyOf(request.requestId), itemOf(next), request.revision);
      return next;
    },
  };
}
