import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { ExtractLoad, OpenExtractIndex } from '../domain/extracts/ports';
import { env } from '../env';
import { AnnexError } from '../errors';
import { portalClient } from './clients';
import { aws } from './errors';
import { namesOf, openPartition } from './extract-item';

const cursor = z.object({ pk: z.string(), sk: z.string(), open: z.string(), openAt: z.string() });

function query(more: {
  readonly Limit?: number;
  readonly Select?: 'COUNT';
  readonly FilterExpression?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, string>>;
  readonly ExclusiveStartKey?: Record<string, unknown> | undefined;
}): Promise<QueryCommandOutput> {
  const { names, values, ...rest } = more;
  const client = DynamoDBDocumentClient.from(portalClient(DynamoDBClient));
  return aws('looking for unfinished extracts', () =>
    client.send(
      new QueryCommand({
        ...rest,
        TableName: env().ANNEX_EXTRACTS_TABLE,
        IndexName: 'open',
        KeyConditionExpression: '#open = :open',
        ExpressionAttributeNames: { '#open': 'open', ...names },
        ExpressionAttributeValues: { ':open': openPartition, ...values },
      }),
    ),
  );
}

/** All tenants' open extracts, the longest untouched first, by the index `open` and the portal's own role. */
export function openExtractIndex(): OpenExtractIndex {
  return {
    async open({ after, limit }) {
      const answer = await query({
        Limit: limit,
        ...(after === undefined ? {} : { ExclusiveStartKey: decoded(after) }),
      });
      const extracts = (answer.Items ?? []).flatMap((keys) => {
        const names = namesOf(keys);
        return names ? [{ ...names, updatedAt: new Date(String(keys.openAt)) }] : [];
      });
      return { extracts, next: answer.LastEvaluatedKey ? encoded(answer.LastEvaluatedKey) : null };
    },
  };
}

/** How many extracts of all tenants are running: counted in the same index, and nothing else is read of them. */
export function extractLoad(): ExtractLoad {
  return {
    async running() {
      let count = 0;
      let after: Record<string, unknown> | undefined;
      do {
        const answer = await query({
          Select: 'COUNT',
          FilterExpression: '#state = :running',
          names: { '#state': 'state' },
          values: { ':running': 'running' },
          ...(after === undefined ? {} : { ExclusiveStartKey: after }),
        });
        count += answer.Count ?? 0;
        after = answer.LastEvaluatedKey;
      } while (after !== undefined);
      return count;
    },
  };
}

function encoded(key: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function decoded(after: string): z.output<typeof cursor> {
  try {
    return cursor.parse(JSON.parse(Buffer.from(after, 'base64url').toString()));
  } catch (cause) {
    throw new AnnexError('invalid', 'This is no page of unfinished extracts.', { cause });
  }
}
