import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { ImportSummary, OrderImporter } from '@/lib/domain/crm/ports';
import { hourMs } from '@/lib/domain/time';
import { AnnexError } from '@/lib/errors';
import { withTenantConnection } from '../core/tenant-scope';
import { orderFileBytes } from './order-file';
import { explainRefusedFile } from './order-file-errors';

const longestImportMs = hourMs;
const clockSkewMs = 26 * hourMs;

/** Imports `tenantId`'s order history with `COPY` and set-based SQL, in one transaction. */
export function orderImporter(tenantId: string): OrderImporter {
  return {
    import: (csv) =>
      withTenantConnection(tenantId, (client) => importFile(client, tenantId, csv), {
        timeoutMs: longestImportMs,
      }),
  };
}

async function importFile(
  client: pg.PoolClient,
  tenantId: string,
  csv: AsyncIterable<Uint8Array>,
): Promise<ImportSummary> {
  const orders = await stage(client, csv);
  // From here on, one import per tenant at a time. The slow part, loading the file, is already done.
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('annex.orders/' || $1, 0))`, [tenantId]);
  const customers = await addCustomers(client, tenantId);
  const newOrders = await addOrders(client, tenantId);
  const asOf = await recordImport(client, tenantId, customers.added, newOrders);
  return { orders, customers: customers.found, newOrders, newCustomers: customers.added, asOf };
}

/** Streams the file into a temporary table. Its types and checks let PostgreSQL find a bad line. */
async function stage(client: pg.PoolClient, csv: AsyncIterable<Uint8Array>): Promise<number> {
  // Year first, so that the ambiguous 01/02/1997 is refused.
  await client.query(`SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'`);
  const latest = new Date(Date.now() + clockSkewMs).toISOString();
  await client.query(`
    CREATE TEMPORARY TABLE staged_order (
      customer_id text COLLATE "C" NOT NULL
        CONSTRAINT customer_id_form CHECK (customer_id = btrim(customer_id) AND length(customer_id) BETWEEN 1 AND 128),
      ordered_at timestamptz NOT NULL
        CONSTRAINT ordered_at_range CHECK (ordered_at >= '1900-01-01Z' AND ordered_at < '${latest}'),
      quantity integer NOT NULL CONSTRAINT quantity_range CHECK (quantity BETWEEN 1 AND 1000000),
      amount numeric NOT NULL CONSTRAINT amount_range CHECK (amount >= 0 AND amount < 1e12 AND scale(amount) <= 2)
    ) ON COMMIT DROP`);
  const copy = client.query(copyFrom('COPY staged_order FROM STDIN (FORMAT csv, HEADER match)'));
  try {
    await pipeline(orderFileBytes(csv), copy);
  } catch (error) {
    throw explainRefusedFile(error);
  }
  if (copy.rowCount === 0) {
    throw new AnnexError('invalid', 'The file has a header but no orders. Nothing was imported.');
  }
  return copy.rowCount;
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
async function addOrders(client: pg.PoolClient, tenantId: string): Promise<number> {
  const first = !(await exists(client, 'SELECT FROM crm.customer_order WHERE tenant_id = $1', tenantId));
  const insert = await client.query(
    `INSERT INTO crm.customer_order (tenant_id, customer_id, ordered_at, quantity, amount, occurrence)
     SELECT $1, customer_id, ordered_at, quantity, amount,
            row_number() OVER (PARTITION BY customer_id, ordered_at, quantity, amount)
     FROM staged_order ORDER BY customer_id, ordered_at, quantity, amount
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

/** Stores the counts that pages show, and the day after the last order as `as_of`. */
async function recordImport(
  client: pg.PoolClient,
  tenantId: string,
  newCustomers: number,
  newOrders: number,
): Promise<Date> {
  const { rows } = await client.query<{ as_of: Date }>(
    `WITH span AS (SELECT min(ordered_at) AS first_at, max(ordered_at) AS last_at FROM staged_order)
     INSERT INTO crm.history AS h
       (tenant_id, revision, revised_at, as_of, customers, orders, first_order_at, last_order_at, imported_at)
     SELECT $1, 1, clock_timestamp(), date_trunc('day', last_at) + interval '1 day',
            -- The first time customers may be there that no import brought.
            (SELECT count(*) FROM crm.customer WHERE tenant_id = $1 AND NOT EXISTS (SELECT FROM crm.history WHERE tenant_id = $1)),
            $3, first_at, last_at, clock_timestamp()
     FROM span
     ON CONFLICT (tenant_id) DO UPDATE SET
       revision = h.revision + CASE WHEN $3 > 0 THEN 1 ELSE 0 END,
       revised_at = CASE WHEN $3 > 0 THEN EXCLUDED.revised_at ELSE h.revised_at END,
       as_of = greatest(h.as_of, EXCLUDED.as_of),
       customers = h.customers + $2,
       orders = h.orders + $3,
       first_order_at = least(h.first_order_at, EXCLUDED.first_order_at),
       last_order_at = greatest(h.last_order_at, EXCLUDED.last_order_at),
       imported_at = EXCLUDED.imported_at
     RETURNING as_of`,
    [tenantId, newCustomers, newOrders],
  );
  const asOf = rows[0]?.as_of;
  if (!asOf) throw new AnnexError('internal', 'The import was not recorded. Nothing was imported.');
  return asOf;
}
