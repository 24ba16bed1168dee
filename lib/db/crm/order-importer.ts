import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type {
  ImportSummary,
  OrderImporter,
  OrderLayout,
  ReadOrder,
  RecordedImport,
} from '@/lib/domain/crm/ports';
import { hourMs } from '@/lib/domain/time';
import { AnnexError } from '@/lib/errors';
import { log } from '@/lib/log';
import { withTenantConnection } from '../core/tenant-scope';
import { type OrderColumn, type SelectedColumns, selectColumns } from './order-columns';
import { type DateReading, dateReading, unknownZone } from './order-dates';
import { orderFile } from './order-file';
import { explainRefusedFile, type FileWords } from './order-file-errors';
import { recordResult } from './order-imports';

const longestImportMs = hourMs;
const longestAnalysisMs = 2 * 60_000;

/**
 * Characters of a customer id that nobody sees: control and format characters, and blanks other than the ordinary one, as in
 * Unicode's categories Cc, Cf, Zs, Zl and Zp, with the fillers and variation selectors. A bracket expression of PostgreSQL.
 */
const unseen = [
  String.raw`\u0001-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f`,
  String.raw`\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff`,
].join('');

/** Imports `tenantId`'s order history with `COPY` and set-based SQL, in one transaction. */
export function orderImporter(tenantId: string): OrderImporter {
  return {
    import: async (csv, given = {}, recorded) => {
      const reading = { dates: dateReading(given, new Date()), layout: given.layout };
      const summary = await withTenantConnection(
        tenantId,
        (client) => importFile(client, tenantId, csv, reading, recorded),
        { timeoutMs: longestImportMs },
      );
      await refreshStatistics(tenantId);
      return summary;
    },
    preview: async (csv, given, limit) => {
      const reading = { dates: dateReading(given, new Date()), layout: given.layout };
      return withTenantConnection(tenantId, (client) => previewFile(client, csv, reading, limit));
    },
  };
}

/** How a file is read, checked. */
interface Reading {
  readonly dates: DateReading;
  readonly layout: OrderLayout | undefined;
}

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
  reading: Reading,
  recorded: RecordedImport | undefined,
): Promise<ImportSummary> {
  const orders = await stage(client, csv, reading);
  recorded?.onRead();
  // From here on, one import per tenant at a time. The slow part, loading the file, is already done.
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('annex.orders/' || $1, 0))`, [tenantId]);
  const customers = await addCustomers(client, tenantId);
  const newOrders = await addOrders(client, tenantId, reading);
  const refunds = await countRefunds(client, reading);
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
  if (recorded) await recordResult(client, tenantId, recorded.id, summary);
  return summary;
}

async function previewFile(
  client: pg.PoolClient,
  csv: AsyncIterable<Uint8Array>,
  reading: Reading,
  limit: number,
): Promise<readonly ReadOrder[]> {
  await stage(client, csv, reading);
  const { rows } = await client.query<ReadOrder>(
    `SELECT customer_id AS "customerId", ordered_at AS "orderedAt", quantity, amount::float8 AS amount
     FROM (${stagedOrders(reading)} ORDER BY ctid LIMIT $1) AS first`,
    [limit],
  );
  await dropStage(client);
  return rows;
}

/**
 * What a column accepts, by constraint. `COPY` reads every column as a text of a domain, because the input of other types accepts
 * more than people mean: `0x10`, `1_000`, `1e3`, `yesterday`.
 */
const columnChecks = (layout: OrderLayout | undefined) => ({
  customer_id: {
    customer_id_form: 'VALUE = btrim(VALUE) AND length(VALUE) BETWEEN 1 AND 128',
    customer_id_visible: `VALUE !~ '[${unseen}]'`,
  },
  quantity: {
    quantity_form: `translate(VALUE, '0123456789 -', '') = ''`,
    quantity_range: 'VALUE::integer <> 0 AND abs(VALUE::integer) <= 1000000',
  },
  amount: {
    amount_form: `translate(VALUE, '0123456789 -${layout?.decimal ?? '.'}', '') = ''`,
    amount_range: `abs(${amountOf('VALUE', layout)}) < 1e12 AND scale(${amountOf('VALUE', layout)}) <= 2`,
  },
});

/** The number that the text expression `value` writes. */
const amountOf = (value: string, layout: OrderLayout | undefined): string =>
  layout?.decimal === ',' ? `replace(${value}, ',', '.')::numeric` : `${value}::numeric`;

async function setDateSettings(client: pg.PoolClient, timeZone: string): Promise<void> {
  try {
    await client.query(`SELECT set_config('datestyle', 'ISO, YMD', true), set_config('timezone', $1, true)`, [
      timeZone,
    ]);
  } catch (error) {
    // Node.js knows some names that PostgreSQL does not, such as IST.
    if (error instanceof pg.DatabaseError && error.code === '22023') throw unknownZone(timeZone, error);
    throw error;
  }
}

/**
 * Streams the file into the temporary table `staged_order`. The domains of its columns let PostgreSQL find a bad line, and their
 * errors say which value is bad.
 */
async function stage(
  client: pg.PoolClient,
  csv: AsyncIterable<Uint8Array>,
  { dates, layout }: Reading,
): Promise<number> {
  await setDateSettings(client, dates.timeZone);
  const checks = { ...columnChecks(layout), ordered_at: dates.checks };
  for (const [column, conditions] of Object.entries(checks)) {
    await client.query(`CREATE DOMAIN pg_temp.${column} AS text COLLATE "C" ${constraints(conditions)}`);
  }
  await client.query(`
    CREATE TEMPORARY TABLE staged_order (
      customer_id pg_temp.customer_id NOT NULL,
      ordered_at pg_temp.ordered_at NOT NULL,
      quantity pg_temp.quantity NOT NULL DEFAULT '1',
      amount pg_temp.amount NOT NULL,
      CONSTRAINT quantity_sign CHECK (strpos(quantity, '-') = 0 OR ${amountOf('amount', layout)} < 0)
    )`);
  const file = orderFile(csv, layout?.separator);
  const lines = layout
    ? await selectColumns(file.bytes, layout)
    : { columns: orderColumns, bytes: file.bytes };
  const copied = await copyLines(client, lines, layout, dates.words);
  if (file.orders() === 0) {
    throw new AnnexError('invalid', 'The file has a header but no orders. Nothing was imported.');
  }
  // Before version 18, PostgreSQL ends at a line `\.`.
  if (copied !== file.orders()) {
    throw new AnnexError(
      'invalid',
      `The file has ${file.orders()} lines below the header, but only ${copied} can be read as orders. Nothing was imported.`,
    );
  }
  return copied;
}

const orderColumns: readonly OrderColumn[] = ['customer_id', 'ordered_at', 'quantity', 'amount'];

/** Sends `lines` to `COPY`. Returns the number of rows. */
async function copyLines(
  client: pg.PoolClient,
  { columns, bytes }: SelectedColumns,
  layout: OrderLayout | undefined,
  dateWords: string,
): Promise<number> {
  const delimiter = pg.escapeLiteral(layout?.separator ?? ',');
  const copy = client.query(
    copyFrom(
      `COPY staged_order (${columns.join(', ')}) FROM STDIN (FORMAT csv, HEADER match, DELIMITER ${delimiter})`,
    ),
  );
  try {
    await pipeline(bytes, copy);
  } catch (error) {
    throw explainRefusedFile(error, wordsOf(layout, dateWords));
  }
  return copy.rowCount;
}

function wordsOf(layout: OrderLayout | undefined, date: string): FileWords {
  const names: Readonly<Record<string, string | null>> = layout
    ? {
        customer_id: layout.customerId,
        ordered_at: layout.orderedAt,
        quantity: layout.quantity,
        amount: layout.amount,
      }
    : {};
  return {
    date,
    amount: `a decimal number such as 11${layout?.decimal ?? '.'}77`,
    name: (column) => names[column] ?? column,
  };
}

const constraints = (conditions: Readonly<Record<string, string>>): string =>
  Object.entries(conditions)
    .map(([name, condition]) => `CONSTRAINT ${name} CHECK (${condition})`)
    .join(' ');

/** The connection serves others afterwards. */
const dropStage = (client: pg.PoolClient) =>
  client.query(
    'DROP TABLE staged_order; DROP DOMAIN pg_temp.customer_id, pg_temp.ordered_at, pg_temp.quantity, pg_temp.amount',
  );

/** The staged orders with the types of stored ones. */
const stagedOrders = ({ dates, layout }: Reading): string => `
  SELECT customer_id, ${dates.instant('ordered_at')} AS ordered_at, quantity::integer AS quantity,
         ${amountOf('amount', layout)} AS amount
  FROM staged_order`;

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
async function addOrders(client: pg.PoolClient, tenantId: string, reading: Reading): Promise<number> {
  const first = !(await exists(client, 'SELECT FROM crm.customer_order WHERE tenant_id = $1', tenantId));
  const insert = await client.query(
    `INSERT INTO crm.customer_order (tenant_id, customer_id, ordered_at, quantity, amount, occurrence)
     SELECT $1, customer_id, ordered_at, quantity, amount,
            row_number() OVER (PARTITION BY customer_id, ordered_at, quantity, amount)
     FROM (${stagedOrders(reading)}) AS staged ORDER BY customer_id, ordered_at, quantity, amount
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

async function countRefunds(client: pg.PoolClient, { layout }: Reading): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM staged_order WHERE strpos(amount, '-') > 0 AND ${amountOf('amount', layout)} < 0`,
  );
  return rows[0]?.count ?? 0;
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
