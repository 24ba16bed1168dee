import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { encodeTime } from 'ulid';
import { pageWithin } from '@/lib/domain/cursor';
import { longestFormMs } from '@/lib/domain/extracts/limits';
import type { Extract, ExtractStore } from '@/lib/domain/extracts/ports';
import { env } from '@/lib/env';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { tenantClient } from '../core/clients';
import { conditionalPut } from '../core/conditional-put';
import { aws } from '../core/errors';
import { partitionOf } from '../core/items';
import { extractOf, itemOf, namesOf, readableExtracts, requestedAtOf, sortKeyOf } from './extract-item';

/** The tenant's extracts in DynamoDB, with credentials for this tenant's partition only. */
export function extractStore(tenantId: string): ExtractStore {
  const TableName = env().ANNEX_EXTRACTS_TABLE;
  const pk = partitionOf(tenantId);
  const client = () =>
    DynamoDBDocumentClient.from(tenantClient(DynamoDBClient, { kind: 'pooled', tenantId }));

  async function get(requestId: string): Promise<Extract | null> {
    const answer = await aws('reading the extract', () =>
      client().send(
        new GetCommand({ TableName, Key: { pk, sk: sortKeyOf(requestId) }, ConsistentRead: true }),
      ),
    );
    return answer.Item ? extractOf(answer.Item) : null;
  }

  const put = (extract: Extract, replaces: number | null) =>
    conditionalPut(client(), 'recording the extract', {
      TableName,
      item: { ...itemOf(extract), pk, sk: sortKeyOf(extract.requestId) },
      replaces,
    });

  return {
    get,
    async create(extract) {
      try {
        await put(extract, null);
        return extract;
      } catch (error) {
        if (!isAnnexError(error, 'conflict')) throw error;
      }
      const present = await get(extract.requestId);
      if (!present)
        throw new AnnexError('dependency_failed', 'The extract could not be recorded. Try again.');
      return present;
    },
    async update(extract) {
      const next = { ...extract, revision: extract.revision + 1 };
      await put(next, extract.revision);
      return next;
    },
    async remove({ requestId, revision }) {
      await aws('withdrawing the extract', () =>
        client().send(
          new DeleteCommand({
            TableName,
            Key: { pk, sk: sortKeyOf(requestId) },
            ConditionExpression: 'revision = :revision',
            ExpressionAttributeValues: { ':revision': revision },
          }),
        ),
      );
    },
    ...extractQueries(client, TableName, pk),
  };
}

/** The queries that read several extracts of the partition `pk`. */
function extractQueries(
  client: () => DynamoDBDocumentClient,
  TableName: string,
  pk: string,
): Pick<ExtractStore, 'list' | 'open' | 'requestedSince'> {
  return {
    async list({ before, after, limit }) {
      const from = before ?? after;
      const back = before === undefined && after !== undefined;
      const answer = await aws('reading the extracts', () =>
        client().send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: 'pk = :pk AND begins_with(sk, :extracts)',
            ExpressionAttributeValues: { ':pk': pk, ':extracts': sortKeyOf() },
            ScanIndexForward: back,
            Limit: limit + 1,
            ConsistentRead: true,
            ...(from === undefined ? {} : { ExclusiveStartKey: { pk, sk: sortKeyOf(from) } }),
          }),
        ),
      );
      const fromCursor = from !== undefined;
      const page = pageWithin(answer.Items ?? [], { limit, back, fromCursor });
      const idOf = (item: Readonly<Record<string, unknown>> | undefined) =>
        namesOf(item ?? {})?.requestId ?? null;
      return {
        extracts: readableExtracts(page.rows),
        next: page.after ? idOf(page.rows.at(-1)) : null,
        previous: page.before ? idOf(page.rows[0]) : null,
      };
    },
    open: (since) =>
      aws('reading the extracts', async () => {
        const found: Extract[] = [];
        const query = {
          TableName,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :since AND :end',
          FilterExpression: 'attribute_exists(#open)',
          ExpressionAttributeNames: { '#open': 'open' },
          ExpressionAttributeValues: {
            ':pk': pk,
            ':since': sortKeyOf(encodeTime(since.getTime())),
            ':end': sortKeyOf('~'),
          },
          ConsistentRead: true,
        };
        for await (const { Items = [] } of paginateQuery({ client: client() }, query)) {
          found.push(...readableExtracts(Items));
        }
        return found;
      }),
    requestedSince: (since) =>
      aws('counting the extracts', async () => {
        const found: Pick<Extract, 'requestId' | 'requestedAt'>[] = [];
        const query = {
          TableName,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :end',
          FilterExpression: 'requestedAt >= :since',
          ProjectionExpression: 'pk, sk, requestedAt',
          ExpressionAttributeValues: {
            ':pk': pk,
            // An id tells when its form was shown.
            ':first': sortKeyOf(encodeTime(since.getTime() - longestFormMs)),
            ':end': sortKeyOf('~'),
            ':since': since.toISOString(),
          },
          ConsistentRead: true,
        };
        for await (const { Items = [] } of paginateQuery({ client: client() }, query)) {
          found.push(...Items.flatMap((item) => requestedAtOf(item) ?? []));
        }
        return found;
      }),
  };
}
