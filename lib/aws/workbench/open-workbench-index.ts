import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { OpenWorkbenchIndex, WorkbenchRequest, WorkbenchStandings } from '@/lib/domain/workbench/ports';
import { env } from '@/lib/env';
import { portalClient } from '../core/clients';
import { aws } from '../core/errors';
import { partitionOf } from '../core/items';
import { openPage } from '../core/open-index';
import { namesOf, partitions, sortKeyOf, standingOf } from './workbench-item';

const index = (state: WorkbenchRequest['state'], doing: string) => ({
  table: env().ANNEX_WORKBENCH_TABLE,
  partition: partitions[state],
  doing,
});

/** The open requests of all tenants, longest unchanged first, from the index `open` with the portal's own role. */
export function openWorkbenchIndex(): OpenWorkbenchIndex {
  return {
    async open(page) {
      const unfinished = index('provisioning', 'listing unfinished workbenches');
      const { found, next } = await openPage(unfinished, namesOf, page);
      return { requests: found, next };
    },
  };
}

/** How the workbenches of all tenants stand, from the same index. */
export function workbenchStandings(): WorkbenchStandings {
  return {
    async list({ state, limit, latestFirst }) {
      const page = { limit: limit + 1, latestFirst };
      const { found } = await openPage(index(state, 'listing workbenches'), standingOf, page);
      return { standings: found.slice(0, limit), more: found.length > limit };
    },
    of: async (tenantId) => {
      const newest = new QueryCommand({
        TableName: env().ANNEX_WORKBENCH_TABLE,
        KeyConditionExpression: 'pk = :tenant AND begins_with(sk, :requests)',
        ExpressionAttributeValues: { ':tenant': partitionOf(tenantId), ':requests': sortKeyOf('') },
        // Not who asked, nor what they chose.
        ProjectionExpression: 'pk, sk, #state, steps, updatedAt',
        ExpressionAttributeNames: { '#state': 'state' },
        ScanIndexForward: false,
        Limit: 1,
      });
      const client = DynamoDBDocumentClient.from(portalClient(DynamoDBClient));
      const { Items = [] } = await aws('reading a workbench', () => client.send(newest));
      const [item] = Items;
      const standing = item && standingOf(item);
      return standing ? { ...standing, updatedAt: new Date(String(item.updatedAt)) } : null;
    },
  };
}
