import { createReadStream } from 'node:fs';
import { appendFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scoreStore } from '@/lib/db/churn/score-store';
import { closeDatabase, openDatabase } from '@/lib/db/core/client';
import { withControl } from '@/lib/db/core/control-scope';
import { orderImporter } from '@/lib/db/crm/order-importer';
import { refitDefault } from '@/lib/domain/churn/verbs/refit-default';
import { startTestPostgres } from '@/local/testing/postgres';
import { report } from './harness';
import { madeUpOrders } from './made-up-orders';
import { refitContext } from './refit-context';

// How both database servers grow when one tenant's history is imported again and again, each time with one order more and so
// with new scores: their size after 30 imports against that after 3. The orders stay the same size; what grows is log and dead
// rows. `IMPORTS=100` continues to 100.
const most = 3.5;
const few = 3;
const many = Number(process.env.IMPORTS ?? 30);
const tenantId = 'tenant';

const postgres = await startTestPostgres({ durable: true, standby: true });
const scratch = await mkdtemp(join(tmpdir(), 'annex-bench-'));
const context = refitContext(tenantId, scoreStore(tenantId));

try {
  await openDatabase(postgres.portalUrl);
  await withControl((tx) => tx.tenant.create({ data: { id: tenantId, name: tenantId } }));
  const file = await madeUpOrders(join(scratch, 'orders.csv'));
  let early = await sizes();
  for (let n = 1; n <= many; n += 1) {
    await appendFile(file, `00001,1999-01-01,1,${n}.00\n`);
    await orderImporter(tenantId).import(createReadStream(file));
    await refitDefault(context, undefined);
    if (n === few) early = await sizes();
  }
  const late = await sizes();
  const total = (of: typeof late) => Object.values(of).reduce((sum, mb) => sum + mb, 0);
  report({
    bench: 'import-growth',
    ratio: total(late) / total(early),
    most,
    figures: { imports: many, earlyMb: total(early), lateMb: total(late), ...late },
  });
} finally {
  await closeDatabase();
  await postgres.stop();
  await rm(scratch, { recursive: true, force: true });
}

/** Megabytes of tables and log of both servers. */
async function sizes() {
  const [tablesMb, logMb, standbyTablesMb, standbyLogMb] = await Promise.all(
    ['primary/base', 'primary/pg_wal', 'standby/base', 'standby/pg_wal'].map(megabytesIn),
  );
  return {
    tablesMb: tablesMb ?? 0,
    logMb: logMb ?? 0,
    standbyTablesMb: standbyTablesMb ?? 0,
    standbyLogMb: standbyLogMb ?? 0,
  };
}

/** The servers delete files meanwhile. */
async function megabytesIn(folder: string): Promise<number> {
  const files = await readdir(join(postgres.dir, folder), { withFileTypes: true, recursive: true });
  const bytes = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map(({ parentPath, name }) =>
        stat(join(parentPath, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return bytes.reduce((sum, size) => sum + size, 0) / 1e6;
}
