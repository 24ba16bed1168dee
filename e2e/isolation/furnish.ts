import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { tenantBucket } from '../../local/aws-names';
import { asControl, asTenant } from '../../local/database';
import { closeLoop, submitExtract, until } from '../../local/seed/loop';
import { PortalClient } from '../../local/seed/portal-client';
import { requestWorkbench } from '../../local/seed/seed';
import { type AwsEnvironment, awsEnvironment } from '../../local/tenant-keys';
import { orderHistory } from '../journey';
import { journeyStack } from '../stack';
import { importOrders, mintTenant, mintUser, password, runningStack, tenantAccount } from '../tenants';
import { subscriptionIdOf } from './entries';

/** A tenant with something in every table and store. Its id stands in every text that it owns. */
export interface FurnishedTenant {
  readonly id: string;
  readonly accountId: string;
  readonly customerId: string;
  readonly extractId: string;
  readonly endpointName: string;
  /** The id of the workbench request. */
  readonly workbenchId: string;
  /** The Cognito `sub` of somebody of the tenant. */
  readonly personId: string;
  /** A version of the model that no other tenant has. */
  readonly version: number;
  readonly keys: AwsEnvironment;
}

const waitMs = 300_000;
const root = join(import.meta.dirname, '../..');

/** Makes a tenant that has used every part of Annex: orders, workbench, extract, model, scores. `version`: see there. */
export async function furnishTenant(version: number): Promise<FurnishedTenant> {
  const { id } = await mintTenant();
  const prefix = `canary-${id}-`;
  await importOrders(id, orderHistory(60, prefix));
  const email = await mintUser('scientist', id);
  const person = await PortalClient.signedIn(journeyStack.origin, email, password);
  try {
    await requestWorkbench(person, waitMs);
    const endpointName = `endpoint-of-${id}`;
    const stack = await runningStack();
    const keys = await awsEnvironment(stack, id);
    if (!keys) throw new Error(`There is no tenant ${id}.`);
    await closeLoop(person, stack, id, root, waitMs, endpointName);
    const extractId = await submitExtract(person, 'orders', 'csv', waitMs);
    // The comparison is the last that follows an activation.
    const compared = ({ html }: { html: { text: string } }) => html.text.includes('AUC');
    await until(person, '/customers/compare', compared, waitMs);
    const accountId = await tenantAccount(id);
    await putCanaries(id, version, `${prefix}0000`);
    await putObject(keys, tenantBucket(id, accountId), `canary/${id}.txt`, `of ${id}`);
    const status = await person.http.get('/workbench/status');
    const { mark } = (await status.json()) as { readonly mark: string };
    const workbenchId = /^[0-9A-Z]{26}(?=\/)/.exec(mark)?.[0];
    if (workbenchId === undefined) throw new Error(`The mark of the workbench has no id: ${mark}`);
    return {
      id,
      accountId,
      customerId: `${prefix}0000`,
      extractId,
      endpointName,
      workbenchId,
      personId: await subOf(email),
      version,
      keys,
    };
  } finally {
    await person.close();
  }
}

async function putObject(keys: AwsEnvironment, Bucket: string, Key: string, Body: string): Promise<void> {
  await new S3Client(clientOf(keys)).send(new PutObjectCommand({ Bucket, Key, Body }));
}

/** What the clients of AWS need to work as a tenant. */
export const clientOf = (keys: AwsEnvironment) => ({
  region: keys.AWS_REGION,
  endpoint: keys.AWS_ENDPOINT_URL,
  forcePathStyle: true,
  credentials: {
    accessKeyId: keys.AWS_ACCESS_KEY_ID,
    secretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
    sessionToken: keys.AWS_SESSION_TOKEN,
  },
});

/** Puts the tenant's id into the texts that the product leaves empty, and gives it tables that are made at run time. */
async function putCanaries(id: string, version: number, customerId: string): Promise<void> {
  const { environment } = await runningStack();
  const url = environment.DATABASE_URL ?? '';
  const canary = `canary of ${id}`;
  await asTenant(url, id, async (client) => {
    // Two tenants that take their scores out of the shared partition would each wait for what the other has read of it. So the
    // second begins when the first is done.
    await client.query("select pg_advisory_xact_lock(hashtext('furnish'))");
    const put = (sql: string, ...values: unknown[]) => client.query(sql, [id, ...values]);
    await put(
      `update crm.customer set name = $2, email = id || '@${id}.example' where tenant_id = $1`,
      canary,
    );
    await put('insert into crm.ticket values ($1, $2, $3, now(), $2)', canary, customerId);
    await put(
      `insert into model_version select tenant_id, $2, endpoint_name, content_type, tested_at + interval '1 second', report,
         $3, registered_at from model_version where tenant_id = $1 and version = 1`,
      version,
      canary,
    );
    await put(
      `insert into crm.scoring_run (tenant_id, version, revision, state, asked_by, asked_at, touched_at, finished_at, holder,
         rows_total, last_customer, failure, stored)
       values ($1, $2, 0, 'failed', $3, now(), now(), now(), $3, 1, $4, $3, false)`,
      version,
      canary,
      customerId,
    );
    // Nothing of the sweep may change the tenant while others are asked about it.
    await put(
      "update scoring set next_look_at = now() + interval '1 day', reason = $2 where tenant_id = $1",
      canary,
    );
    await put(
      `update crm.order_import set started_by = $2, file_name = $2, reason = $2, reading = jsonb_build_object('timeZone', $2::text),
         proposal = jsonb_build_object('note', $2::text), result = result || jsonb_build_object('note', $2::text)
       where tenant_id = $1`,
      canary,
    );
    await put(`update crm.history set unfitted_reason = $2 where tenant_id = $1`, canary);
    await put(
      `update crm.score_comparison set summary = summary || jsonb_build_object('note', $2::text) where tenant_id = $1`,
      canary,
    );
    await seatSheet(client, id);
  });
  // An override that says what the standard says, under a number that no other tenant takes.
  await asControl(url, (client) =>
    client.query(
      `insert into extract_policy (dataset, version, tenant_id, columns, note, created_by, created_by_id)
       select dataset, 1000 + $2::integer, $1, columns || jsonb_build_object($3::text, 'drop'), $3, $3, $3
       from extract_policies_in_force(null) where dataset = 'tickets'`,
      [id, version, canary],
    ),
  );
  await asControl(url, async (client) => {
    await client.query('update app_user set invited_by = $2 where tenant_id = $1', [id, canary]);
    await client.query(
      `insert into onboarding (tenant_id, owner_email, owner_id, variant_id, state, steps, asked_by_id, asked_by, asked_at, updated_at)
       values ($1, $2, $2, $2, 'done', jsonb_build_array(jsonb_build_object('name', 'tenant', 'state', 'failed', 'startedAt', null,
         'finishedAt', null, 'reason', $2::text)), $2, $2, now(), now())`,
      // What administrators are told.
      [id, `of ${id}`],
    );
    // What the worker reads and measures would change the tenant, too.
    await client.query("update bill set next_at = now() + interval '1 day'");
    await client.query(
      "insert into spend (tenant_id, next_at) values ($1, now() + interval '1 day') on conflict (tenant_id) do update set next_at = excluded.next_at",
      [id],
    );
    await client.query(
      `insert into closing (tenant_id, reason, state, steps, delete_after, left_over, asked_by_id, asked_by, asked_at, updated_at)
       values ($1, $2, 'cancelled', jsonb_build_array(jsonb_build_object('name', 'notice', 'state', 'failed', 'startedAt', null,
         'finishedAt', null, 'reason', $2::text)), now(), jsonb_build_array(jsonb_build_object('what', $2::text, 'reason', 'x', 'usdPerHour', 0)), $2, $2,
         now(), now())`,
      // What administrators are told.
      [id, `of ${id}`],
    );
    await client.query(
      `insert into doctor_run (tenant_id, links, asked_by, started_at, finished_at)
       values ($1, jsonb_build_array(jsonb_build_object('name', 'quotas', 'state', 'ok', 'calls', jsonb_build_array(), 'found', $2::text,
         'answer', null, 'fault', null, 'fix', null, 'because', null, 'at', '2026-01-01T00:00:00Z', 'ms', 1)), $2, now(), now())`,
      [id, `of ${id}`],
    );
    // Without a licence, so that the worker leaves it.
    await client.query(
      `insert into subscription (id, listing_id, seller_id, tenant_id, account_id, license_arn, agreement_id, suspended_at, suspended_by,
         suspended_reason, steps)
       select $3, l.id, l.seller_id, t.id, t.account_id, $2, $2, now(), $2, $2,
         jsonb_build_array(jsonb_build_object('name', 'model', 'state', 'failed', 'startedAt', null, 'finishedAt', null, 'reason', $2::text))
       from tenant t, (select id, seller_id from listing where state = 'published' limit 1) l where t.id = $1`,
      [id, canary, subscriptionIdOf(id)],
    );
    await client.query(
      `insert into audit_event (id, tenant_id, actor_id, actor_name, action, subject, detail, before, after, request_id, idempotency_key)
       values ($3, $1, $3, $3, $3, 'customer/' || $2, jsonb_build_object('note', $2::text), jsonb_build_object('note', $2::text),
         jsonb_build_object('note', $2::text), $3, $3)`,
      // The third is for what administrators are told.
      [id, canary, `of ${id}`],
    );
  });
  await asTenant(url, id, async (client) => {
    await client.query(
      'update spend set measured_until = now(), run_rate = 0, unpriced = $2, failure = $3 where tenant_id = $1',
      // Why measuring fails is for administrators, too.
      [id, [canary], `of ${id}`],
    );
    await client.query(
      "insert into spend_day (tenant_id, day, usd, unseen_seconds) values ($1, '2000-01-01', 1, 0) on conflict do nothing",
      [id],
    );
    await client.query(
      `insert into budget_notice (tenant_id, month, percent, budget_usd, spent_usd, brakes, reached_at, mailed_at)
       values ($1, '2000-01-01', 80, 1, 1, false, now(), now()) on conflict do nothing`,
      [id],
    );
  });
}

async function subOf(email: string): Promise<string> {
  const { environment } = await runningStack();
  const { rows } = await asControl(environment.DATABASE_URL ?? '', (client) =>
    client.query<{ sub: string }>('select sub from app_user where email = $1', [email]),
  );
  return rows[0]?.sub ?? '';
}

/** Gives the tenant a partition of scores of its own, as large tenants have. */
async function seatSheet(client: Parameters<Parameters<typeof asTenant>[2]>[0], id: string): Promise<void> {
  const { rows } = await client.query<{ sheet: string }>('select sheet from crm.open_score_sheet()');
  const { rows: columns } = await client.query<{ list: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as list from pg_attribute
     where attrelid = 'crm.customer_score'::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
  );
  const { list } = columns[0] ?? { list: '' };
  await client.query(
    `insert into ${rows[0]?.sheet} (${list}) select ${list} from crm.customer_score where tenant_id = $1`,
    [id],
  );
  await client.query('delete from crm.customer_score where tenant_id = $1', [id]);
  await client.query('select crm.index_score_sheet()');
  await client.query('select crm.seat_score_sheet()');
}
