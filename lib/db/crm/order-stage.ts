import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { OrderLayout } from '@/lib/domain/crm/ports';
import { AnnexError } from '@/lib/errors';
import { type OrderRows, orderRows, type ValueForms } from './order-columns';
import { type DateReading, unknownZone } from './order-dates';
import { orderFile } from './order-file';
import { explainRefusedFile, type FileWords } from './order-file-errors';

/** How a file is read, checked. */
export interface StagedReading {
  readonly dates: DateReading;
  readonly layout: OrderLayout | undefined;
}

/**
 * Characters of a customer id that nobody sees: control and format characters, and blanks other than the ordinary one, as in
 * Unicode's categories Cc, Cf, Zs, Zl and Zp, with the fillers and variation selectors. A bracket expression of PostgreSQL.
 */
const unseen = [
  String.raw`\u0001-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f`,
  String.raw`\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff`,
].join('');

/** What a column is, and what it accepts by constraint. The forms of values were checked before. */
const stagedColumns = (dates: DateReading) => ({
  customer_id: {
    type: 'text COLLATE "C"',
    checks: {
      customer_id_form: 'VALUE = btrim(VALUE) AND length(VALUE) BETWEEN 1 AND 128',
      customer_id_visible: `VALUE !~ '[${unseen}]'`,
    },
  },
  ordered_at: dates,
  quantity: {
    type: 'integer',
    checks: { quantity_range: 'VALUE <> 0 AND VALUE BETWEEN -1000000 AND 1000000' },
  },
  amount: { type: 'numeric', checks: { amount_range: 'abs(VALUE) < 1e12 AND scale(VALUE) <= 2' } },
});

/** PostgreSQL's own input would also read `0x10`, `1_000` and `1e3`. */
const valueForms = ({ dates, layout }: StagedReading): ValueForms => ({
  ordered_at: dates.form,
  quantity: (text) => (/^ *-?[0-9]+ *$/.test(text) ? text : null),
  amount:
    layout?.decimal === ','
      ? (text) => (/^ *-?([0-9]+,?[0-9]*|,[0-9]+) *$/.test(text) ? text.replace(',', '.') : null)
      : (text) => (/^ *-?([0-9]+[.]?[0-9]*|[.][0-9]+) *$/.test(text) ? text : null),
});

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
 * errors say which value is bad. Returns the number of orders. Throws `invalid` that names the line at fault.
 */
export async function stageOrders(
  client: pg.PoolClient,
  csv: AsyncIterable<Uint8Array>,
  { dates, layout }: StagedReading,
): Promise<number> {
  await setDateSettings(client, dates.timeZone);
  for (const [column, { type, checks }] of Object.entries(stagedColumns(dates))) {
    await client.query(`CREATE DOMAIN pg_temp.${column} AS ${type} ${constraints(checks)}`);
  }
  await client.query(`
    CREATE TEMPORARY TABLE staged_order (
      customer_id pg_temp.customer_id NOT NULL,
      ordered_at pg_temp.ordered_at NOT NULL,
      quantity pg_temp.quantity NOT NULL DEFAULT 1,
      amount pg_temp.amount NOT NULL,
      CONSTRAINT quantity_sign CHECK (quantity > 0 OR amount < 0)
    )`);
  const file = orderFile(csv, layout?.separator);
  const words = wordsOf(layout, dates.words);
  const rows = await orderRows(file.bytes, { layout, forms: valueForms({ dates, layout }), words });
  const copied = await copyRows(client, rows, layout, words);
  const refusal = rows.refusal();
  if (refusal) throw refusal;
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

/** Sends `rows` to `COPY`. Returns their number. */
async function copyRows(
  client: pg.PoolClient,
  { columns, bytes }: OrderRows,
  layout: OrderLayout | undefined,
  words: FileWords,
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
    throw explainRefusedFile(error, words);
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

/** Removes what `stageOrders` made: the connection serves others afterwards. */
export const dropStage = (client: pg.PoolClient) =>
  client.query(
    'DROP TABLE staged_order; DROP DOMAIN pg_temp.customer_id, pg_temp.ordered_at, pg_temp.quantity, pg_temp.amount',
  );

/** A query for the staged orders with the types of stored ones. */
export const stagedOrders = (dates: DateReading): string => `
  SELECT customer_id, ${dates.instant('ordered_at')} AS ordered_at, quantity, amount FROM staged_order`;

/** Staged orders with a negative amount. */
export async function countRefunds(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM staged_order WHERE amount < 0',
  );
  return rows[0]?.count ?? 0;
}
