import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { orderImporter } from '@/lib/db/crm/order-importer';
import { startTestDatabase } from '@/local/testing/database';
import { interleaved, report } from './harness';
import { madeUpOrders } from './made-up-orders';

// Importing an order file against `COPY` of the same rows into a bare table with the same columns and key, but without
// the rest of an import (checks, customers, duplicates, counts, row-level security). Both with fsync, on the same server,
// in turn, and both end with ANALYZE; each import goes to a tenant without orders. The same `COPY` into a table without a
// key is printed too.
// `--file orders.csv`, or fictional orders in the form of CDNOW's.
const most = 2.5;
const rounds = 7;
const chunk = { highWaterMark: 256 * 1024 };

const { values } = parseArgs({ options: { file: { type: 'string' } } });
const scratch = await mkdtemp(join(tmpdir(), 'annex-bench-'));
const tenants = Array.from({ length: rounds + 1 }, (_, n) => `tenant-${n}`);
const database = await startTestDatabase(tenants, { durable: true });
const owner = new pg.Client({ connectionString: database.adminUrl });
await owner.connect();
try {
  const file = values.file ?? (await madeUpOrders(join(scratch, 'orders.csv')));
  const rows = join(scratch, 'rows');
  const first = await orderImporter('tenant-0').import(createReadStream(file, chunk));
  await pipeline(owner.query(copyTo('COPY crm.customer_order TO STDOUT')), createWriteStream(rows));
  await owner.query(
    'CREATE TABLE heap (LIKE crm.customer_order); CREATE TABLE bare (LIKE crm.customer_order INCLUDING INDEXES)',
  );
  const copyInto = (table: string) => ({
    name: table,
    prepare: async () => void (await owner.query(`TRUNCATE ${table}; CHECKPOINT`)),
    run: async () => {
      await pipeline(createReadStream(rows, chunk), owner.query(copyFrom(`COPY ${table} FROM STDIN`)));
      await owner.query(`ANALYZE ${table}`);
    },
  });
  let next = 0;
  const medians = await interleaved(rounds, [
    copyInto('heap'),
    {
      name: 'import',
      prepare: async () => {
        next += 1;
        await owner.query(
          `DELETE FROM crm.customer_order; DELETE FROM crm.customer; DELETE FROM crm.history`,
        );
        await owner.query('VACUUM crm.customer_order, crm.customer, crm.history');
        await owner.query('CHECKPOINT');
      },
      run: async () =>
        void (await orderImporter(tenants[next % tenants.length] ?? '').import(
          createReadStream(file, chunk),
        )),
    },
    copyInto('bare'),
  ]);
  const { bare = Number.NaN, heap = Number.NaN } = medians;
  const ours = medians.import ?? Number.NaN;
  report({
    bench: 'import-orders',
    ratio: ours / bare,
    most,
    figures: {
      orders: first.orders,
      customers: first.customers,
      importMs: ours,
      copyMs: bare,
      copyWithoutKeyMs: heap,
      ratioWithoutKey: ours / heap,
    },
  });
} finally {
  await owner.end();
  await database.stop();
  await rm(scratch, { recursive: true, force: true });
}
