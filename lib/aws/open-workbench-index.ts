import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { OpenWorkbenchIndex } from '../domain/workbench/ports';
import { env } from '../env';
import { AnnexError } from '../errors';
import { portalClient } from './clients';
import { aws } from './errors';
import { namesOf, openPartition } from './workbench-item';

const cursor = z.object({ pk: z.string(), sk: z.string(), open: z.string(), openAt: z.string() });

/** All tenants' open requests, the longest untouched first, by the index `open` and the portal's own role. */
export function openWorkbenchIndex(): OpenWorkbenchIndex {
  return {
    async open({ after, limit }) {
      const client = DynamoDBDocumentClient.from(portalClient(DynamoDBClient));
      const answer = await aws('looking for unfinished workbenches', () =>
        client.send(
          new QueryCommand({
            TableName: env().ANNEX_WORKBENCH_TABLE,
            IndexName: 'open',
            KeyConditionExpression: '#open = :open',
            ExpressionAttributeNames: { '#open': 'open' },
            ExpressionAttributeValues: { ':open': openPartition },
            Limit: limit,
            ...(after === undefined ? {} : { ExclusiveStartKey: decoded(after) }),
          }),
        ),
      );
      const requests = (answer.Items ?? []).flatMap((keys) => {
        const names = namesOf(keys);
        return names ? [{ ...names, updatedAt: new Date(String(keys.openAt)) }] : [];
      });
      return { requests, next: answer.LastEvaluatedKey ? encoded(answer.LastEvaluatedKey) : null };
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
    throw new AnnexError('invalid', 'This is no page of unfinished workbenches.', { cause });
  }
}
