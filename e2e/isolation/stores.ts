import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  ListDomainsCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelsCommand,
  ListSpacesCommand,
  ListTrainingJobsCommand,
  ListUserProfilesCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { Client } from 'pg';
import { tableArn, tenantTables } from '../../local/aws/iam/arns';
import { tenantBucket } from '../../local/aws-names';
import { asSuperuser, pattern } from './database';
import { clientOf, type FurnishedTenant } from './furnish';

/** What a tenant has, by store: checksums of its rows, its items, its objects and its resources of SageMaker. */
export async function stateOf(tenant: FurnishedTenant): Promise<Readonly<Record<string, string>>> {
  const [rows, items, objects, resources] = await Promise.all([
    asSuperuser((client) => checksums(client, tenant.id)),
    itemsOf(tenant),
    objectsOf(tenant),
    resourcesOf(tenant),
  ]);
  return { ...rows, ...items, ...objects, ...resources };
}

/** Tables with rows of tenants, and the column that names the tenant. */
async function tenantRelations(client: Client) {
  const { rows } = await client.query<{ name: string; column: string }>(
    `SELECT n.nspname || '.' || quote_ident(c.relname) AS name, a.attname AS column
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
       AND (a.attname = 'tenant_id' OR (c.relname = 'tenant' AND a.attname = 'id')) ORDER BY 1`,
  );
  return rows;
}

async function checksums(client: Client, id: string): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const { name, column } of await tenantRelations(client)) {
    const { rows } = await client.query<{ rows: number; sum: string | null }>(
      `SELECT count(*)::int AS rows, md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) AS sum FROM ${name} t WHERE ${column} = $1`,
      [id],
    );
    const [of] = rows;
    if (of?.sum) sums[name] = `${of.rows} rows ${of.sum}`;
  }
  return sums;
}

async function itemsOf({ id, keys }: FurnishedTenant): Promise<Record<string, string>> {
  const client = new DynamoDBClient(clientOf(keys));
  const entries = tenantTables.map(async (table) => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: tableArn(table),
        KeyConditionExpression: 'pk = :tenant',
        ExpressionAttributeValues: { ':tenant': { S: `TENANT#${id}` } },
      }),
    );
    return [table, JSON.stringify(Items)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Objects with their ETags. What an endpoint captures of its calls comes late, so who calls it is checked instead. */
async function objectsOf({ id, accountId, keys }: FurnishedTenant): Promise<Record<string, string>> {
  const { Contents = [] } = await new S3Client(clientOf(keys)).send(
    new ListObjectsV2Command({ Bucket: tenantBucket(id, accountId) }),
  );
  return Object.fromEntries(
    Contents.filter(({ Key }) => !Key?.startsWith('capture/')).map(({ Key, ETag }) => [
      `s3 ${Key}`,
      `${ETag}`,
    ]),
  );
}

async function resourcesOf({ keys }: FurnishedTenant): Promise<Record<string, string>> {
  const client = new SageMakerClient(clientOf(keys));
  const lists = await Promise.all([
    client.send(new ListEndpointsCommand({})),
    client.send(new ListEndpointConfigsCommand({})),
    client.send(new ListModelsCommand({})),
    client.send(new ListTrainingJobsCommand({})),
    client.send(new ListDomainsCommand({})),
    client.send(new ListSpacesCommand({})),
    client.send(new ListUserProfilesCommand({})),
  ]);
  return Object.fromEntries(
    lists.flatMap(({ $metadata: _, ...list }) =>
      Object.entries(list).map(([kind, value]) => [`sagemaker ${kind}`, JSON.stringify(value)]),
    ),
  );
}

/** Texts of which the database or Annex knows every value, and tables that stay empty. The others hold a canary. */
const withoutCanary: ReadonlySet<string> = new Set([
  'crm.customer_score.source',
  'crm.customer_score.version',
  // Large tenants, as these two, have partitions of their own.
  'crm.customer_score_shared (empty)',
  'crm.history.score_version',
  'crm.model_score (empty)',
  'crm.order_import.id',
  'crm.order_import.state',
  'crm.scoring_run.state',
  // Of AWS’s bill, which has nothing of them yet, or names of services.
  'public.account_cost (empty)',
  'public.account_cost.account_id',
  'public.account_cost.reading',
  'public.account_cost.services',
  'public.app_user.roles',
  'public.audit_event.result',
  'public.audit_event.roles',
  'public.app_user.seller_id',
  'public.app_user.sub',
  'public.doctor_run.failing',
  'public.extract_policy.dataset',
  'public.model_version.content_type',
  'public.closing.certificate',
  'public.closing.counts',
  'public.closing.state',
  'public.onboarding.state',
  // Tenants of these tests are onboarded.
  'public.sign_up (empty)',
  'public.scoring.cause',
  'public.scoring.mode',
  'public.tenant.account_id',
  // Written anew by the worker, whose job of this tenant was sent above.
  'public.spend.failure',
  'public.spend.unpriced',
  'public.tenant.plan_id',
  'public.tenant.state',
  'public.subscription.account_id',
  'public.subscription.deployment',
  'public.subscription.id',
  'public.subscription.listing_id',
  'public.subscription.seller_id',
  'public.subscription.state',
  'sheet.‹tenant›.source',
  'sheet.‹tenant›.version',
  'sheet.‹tenant›_‹transaction›.source',
  'sheet.‹tenant›_‹transaction›.version',
]);

/** Columns of text where no row of the tenant has its id although they could, and the number of all such columns. */
export async function columnsWithoutCanary({ id }: FurnishedTenant): Promise<{
  readonly missing: readonly string[];
  readonly columns: number;
}> {
  return asSuperuser(async (client) => {
    const missing = new Set<string>();
    let columns = 0;
    const isThere = async (name: string, condition: string) =>
      ((await client.query(`SELECT FROM ${name} WHERE ${condition} LIMIT 1`, [id])).rowCount ?? 0) > 0;
    for (const { name, column } of await tenantRelations(client)) {
      const known = pattern(name.replaceAll('"', ''));
      if (!(await isThere(name, `${column} = $1`))) {
        // What is made at run time belongs to one tenant.
        if (known === name) missing.add(`${known} (empty)`);
        continue;
      }
      const { rows } = await client.query<{ text: string }>(
        `SELECT quote_ident(attname) AS text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0
           AND NOT attisdropped AND atttypid IN ('text'::regtype, 'jsonb'::regtype, 'text[]'::regtype, 'varchar'::regtype)`,
        [name],
      );
      for (const { text } of rows) {
        columns += 1;
        if (!(await isThere(name, `${column} = $1 AND ${text}::text LIKE '%' || $1 || '%'`)))
          missing.add(`${known}.${text}`);
      }
    }
    return { missing: [...missing].filter((name) => !withoutCanary.has(name)), columns };
  });
}
