import type pg from 'pg';
import type {
  ImportSummary,
  OrderImporter,
  OrderReading,
  ReadOrder,
  RecordedImport,
} from '@/lib/domain/crm/ports';
import { hourMs } from '@/lib/domain/time';
import { AnnexError } from '@/lib/errors';
import { log } from '@/lib/log';
import { appendAuditOn } from '../core/audit-log';
import { withTenantConnection } from '../core/tenant-scope';
import { dateReading } from './order-dates';
import { recordResult } from './order-imports';
import { countRefunds, dropStage, type StagedReading, stagedOrders, stageOrders } from './order-stage';

const longestImportMs = hourMs;
const longestAnalysisMs = 2 * 60_000;

/** Imports `tenantId`'s order history with `COPY` and set-based SQL, in one transaction. */
export function orderImporter(tenantId: string): OrderImporter {
  return {
    import: async (csv, given = {}, recorded) => {
      const reading = checked(given);
      const summary = await withTenantConnection(
        tenantId,
        (client) => importFile(client, tenantId, csv, reading, recorded),
        { timeoutMs: longestImportMs },
      );
      await refreshStatistics(tenantId);
      return summary;
    },
    preview: async (csv, given, limit) => {
      const reading = checked(given);
      return withTenantConnection(tenantId, (client) => previewFile(client, csv, reading, limit));
    },
  };
}

const checked = (given: OrderReading): StagedReading => ({
  dates: dateReading(given, new Date()),
  layout: given.layout,
});

/** Separate from the import: ANALYZE keeps other imports' ANALYZE waiting until its transaction ends. */
async function refreshStatistics(tenantId: string): Promise<void> {
  try {
    await withTenantConnection(tenantId, (client) => client.query('SELECT crm.analyse_orders()'), {
      timeoutMs: longestAnalysisMs,
    });
  } catch (error) {
    log.warn(
      { err: error },
      'no statistics after an import; queries may be slow until autovacuum collects them',
    );
  }
}

async function importFile(
  client: pg.PoolClient,
  tenantId: string,
  csv: AsyncIterable<Uint8Array>,
  reading: StagedReading,
  recorded: RecordedImport | undefined,
): Promise<ImportSummary> {
  const orders = await stageOrders(client, csv, reading);
  recorded?.onRead();
  // From here on, one import per tenant at a time. The slow part, loading the file, is already done.
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('annex.orders/' || $1, 0))`, [tenantId]);
  const customers = await addCustomers(client, tenantId);
  const newOrders = await addOrders(client, tenantId, reading);
  const refunds = await countRefunds(client);
  await dropStage(client);
  const history = await recordImport(client, tenantId, newOrders > 0);
  const summary = {
    orders,
    customers: customers.found,
    newOrders,
    newCustomers: customers.added,
    refunds,
    ...history,
  };
  if (recorded) {
    await recordResult(client, tenantId, recorded.id, summary);
    await appendAuditOn(client, tenantId, recorded.audit(summary));
  }
  return summary;
}

async function previewFile(
  client: pg.PoolClient,
  csv: AsyncIterable<Uint8Array>,
  reading: StagedReading,
  limit: number,
): Promise<readonly ReadOrder[]> {
  await stageOrders(client, csv, reading);
  const { rows } = await client.query<ReadOrder>(
    `SELECT customer_id AS "customerId", ordered_at AS "orderedAt", quantity, amount::float8 AS amount
     FROM (${stagedOrders(reading.dates)} ORDER BY ctid LIMIT $1) AS first`,
    [limit],
  );
  await dropStage(client);
  return rows;
}

interface CustomerCounts {
  /** Orders in the file. */
  readonly found: number;
  readonly added: number;
}

async function addCustomers(client: pg.PoolClient, tenantId: string): Promise<CustomerCounts> {
  const first = !(await exists(client, 'SELECT FROM crm.customer WHERE tenant_id = $1', tenantId));
  const insert = await client.query(
    `INSERT INTO crm.customer (tenant_id, id)
     SELECT $1, customer_id FROM staged_order GROUP BY customer_id ORDER BY customer_id
     ${first ? '' : 'ON CONFLICT DO NOTHING'}`,
    [tenantId],
  );
  const added = insert.rowCount ?? 0;
  if (first) return { found: added, added };
  const { rows } = await client.query<{ found: number }>(
    'SELECT count(*)::integer AS found FROM (SELECT FROM staged_order GROUP BY customer_id) AS one',
  );
  return { found: rows[0]?.found ?? 0, added };
}

/**
 * Identical orders are matched by their number: the n-th in the file is the tenant's n-th. So the same file adds none,
 * and two identical lines are two orders. Inserts in key order, so that a customer's rows are stored together and the
 * index grows in one place.
 */
async function addOrders(client: pg.PoolClient, tenantId: string, reading: StagedReading): Promise<number> {
  const first = !(await exists(client, 'SELECT FROM crm.customer_order WHERE tenant_id = $1', tenantId));
  const insert = await client.query(
    `INSERT INTO crm.customer_order (tenant_id, customer_id, ordered_at, quantity, amount, occurrence)
     SELECT $1, customer_id, ordered_at, quantity, amount,
            row_number() OVER (PARTITION BY customer_id, ordered_at, quantity, amount)
     FROM (${stagedOrders(reading.dates)}) AS staged ORDER BY customer_id, ordered_at, quantity, amount
     ${first ? '' : 'ON CONFLICT DO NOTHING'}`,
    [tenantId],
  );
  return insert.rowCount ?? 0;
}

/**
 * Whether `query` finds a row. Without earlier orders there can be no conflicts, and the search for them takes a third
 * of the insert's time.
 */
async function exists(client: pg.PoolClient, query: string, tenantId: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(`SELECT EXISTS (${query}) AS found`, [tenantId]);
  return rows[0]?.found ?? false;
}

const different = '($2 OR (h.as_of, h.orders) IS DISTINCT FROM (EXCLUDED.as_of, EXCLUDED.orders))';

/**
 * Stores the counts that pages show, and the day after the last order as `as_of`. All come from the stored orders, so that they
 * also follow orders that were removed by other means.
 */
async function recordImport(
  client: pg.PoolClient,
  tenantId: string,
  changed: boolean,
): Promise<Pick<ImportSummary, 'asOf' | 'firstOrderAt' | 'lastOrderAt'>> {
  const { rows } = await client.query<Pick<ImportSummary, 'asOf' | 'firstOrderAt' | 'lastOrderAt'>>(
    `INSERT INTO crm.history AS h
       (tenant_id, revision, revised_at, as_of, customers, orders, first_order_at, last_order_at, imported_at)
     SELECT $1, 1, clock_timestamp(), date_trunc('day', max(ordered_at), 'UTC') + interval '1 day',
            (SELECT count(*) FROM crm.customer WHERE tenant_id = $1),
            count(*), min(ordered_at), max(ordered_at), clock_timestamp()
     FROM crm.customer_order WHERE tenant_id = $1
     ON CONFLICT (tenant_id) DO UPDATE SET
       revision = h.revision + CASE WHEN ${different} THEN 1 ELSE 0 END,
       revised_at = CASE WHEN ${different} THEN EXCLUDED.revised_at ELSE h.revised_at END,
       as_of = EXCLUDED.as_of,
       customers = EXCLUDED.customers,
       orders = EXCLUDED.orders,
       first_order_at = EXCLUDED.first_order_at,
       last_order_at = EXCLUDED.last_order_at,
       imported_at = EXCLUDED.imported_at
     RETURNING as_of AS "asOf", first_order_at AS "firstOrderAt", last_order_at AS "lastOrderAt"`,
    [tenantId, changed],
  );
  const [history] = rows;
  if (!history) throw new AnnexError('internal', 'The import was not recorded. Nothing was imported.');
  return history;
}
