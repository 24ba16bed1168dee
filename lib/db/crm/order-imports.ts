import type pg from 'pg';
import type {
  ImportSummary,
  OrderImport,
  OrderImports,
  OrderReading,
  ReadingProposal,
} from '@/lib/domain/crm/ports';
import { AnnexError } from '@/lib/errors';
import { withTenant } from '../core/tenant-scope';
import { Prisma } from '../generated/client';

/** An import that has not said for this long how far it is was cut off. It says so every second. */
const silence = '20 seconds';

const isOver = Prisma.raw(
  `(o.state NOT IN ('reading', 'storing') OR o.seen_at < clock_timestamp() - interval '${silence}')`,
);

interface Row {
  readonly id: string;
  readonly state: OrderImport['state'];
  readonly over: boolean;
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly seenAt: Date;
  readonly fileName: string | null;
  readonly fileBytes: bigint | null;
  readonly readBytes: bigint;
  readonly readLines: bigint;
  readonly reading: OrderReading;
  readonly proposal: ReadingProposal | null;
  readonly reason: string | null;
  readonly result: StoredResult | null;
}

/** JSON has no dates. */
type StoredResult = Omit<ImportSummary, 'asOf' | 'firstOrderAt' | 'lastOrderAt'> & {
  readonly firstOrderAt: string;
  readonly lastOrderAt: string;
};

/** The record of `tenantId`'s last import. */
export function orderImports(tenantId: string): OrderImports {
  return {
    latest: async () => {
      const [row] = await withTenant(
        tenantId,
        (tx) => tx.$queryRaw<Row[]>`
          SELECT id, state, ${isOver} AS over, started_by AS "startedBy", started_at AS "startedAt", ended_at AS "endedAt",
                 seen_at AS "seenAt", file_name AS "fileName", file_bytes AS "fileBytes", read_bytes AS "readBytes",
                 read_lines AS "readLines", reading, proposal, reason, result
          FROM crm.order_import AS o WHERE tenant_id = ${tenantId}`,
      );
      return row ? importOf(row) : null;
    },
    begin: async ({ id, startedBy, fileName, fileBytes, reading }) => {
      const begun = await withTenant(
        tenantId,
        (tx) => tx.$executeRaw`
          INSERT INTO crm.order_import AS o (tenant_id, id, started_by, started_at, seen_at, file_name, file_bytes, reading)
          VALUES (${tenantId}, ${id}, ${startedBy}, clock_timestamp(), clock_timestamp(), ${fileName}, ${fileBytes}::bigint,
                  ${JSON.stringify(reading)}::jsonb)
          ON CONFLICT (tenant_id) DO UPDATE SET
            id = EXCLUDED.id, state = DEFAULT, started_by = EXCLUDED.started_by, started_at = EXCLUDED.started_at,
            seen_at = EXCLUDED.seen_at, ended_at = NULL, file_name = EXCLUDED.file_name, file_bytes = EXCLUDED.file_bytes,
            read_bytes = DEFAULT, read_lines = DEFAULT, reading = EXCLUDED.reading, proposal = NULL, reason = NULL,
            result = NULL
          WHERE ${isOver}`,
      );
      if (begun === 0) throw underWay();
    },
    progress: (id, { state, readBytes, readLines }) =>
      withTenant(
        tenantId,
        (tx) => tx.$executeRaw`
          UPDATE crm.order_import SET state = ${state}, read_bytes = ${readBytes}::bigint, read_lines = ${readLines}::bigint,
                 seen_at = clock_timestamp()
          WHERE tenant_id = ${tenantId} AND id = ${id} AND state IN ('reading', 'storing')`,
      ).then(() => undefined),
    end: (id, { state, reason, proposal }) =>
      withTenant(
        tenantId,
        (tx) => tx.$executeRaw`
          UPDATE crm.order_import SET state = ${state}, reason = ${reason}, ended_at = clock_timestamp(),
                 proposal = ${proposal && JSON.stringify(proposal)}::jsonb
          WHERE tenant_id = ${tenantId} AND id = ${id} AND state IN ('reading', 'storing')`,
      ).then(() => undefined),
  };
}

const underWay = () =>
  new AnnexError(
    'conflict',
    'Another import of your organisation is under way. Nothing of this file was imported. Wait until the other import has ended.',
  );

/**
 * Stores the result of the import `id` in the transaction of the import, on `client`: the record says that it is done exactly if
 * its orders are stored. Throws `conflict` if another import has begun since.
 */
export async function recordResult(
  client: pg.PoolClient,
  tenantId: string,
  id: string,
  { asOf: _, ...result }: ImportSummary,
): Promise<void> {
  const { rowCount } = await client.query(
    `UPDATE crm.order_import SET state = 'done', ended_at = clock_timestamp(), result = $3, read_lines = $4
     WHERE tenant_id = $1 AND id = $2 AND state IN ('reading', 'storing')`,
    [tenantId, id, JSON.stringify(result), result.orders],
  );
  if (rowCount === 0) throw underWay();
}

function importOf({
  over,
  seenAt,
  state,
  fileBytes,
  readBytes,
  readLines,
  result,
  ...row
}: Row): OrderImport {
  const cutOff = over && (state === 'reading' || state === 'storing');
  return {
    ...row,
    state: cutOff ? 'interrupted' : state,
    endedAt: cutOff ? seenAt : row.endedAt,
    fileBytes: fileBytes === null ? null : Number(fileBytes),
    readBytes: Number(readBytes),
    readLines: Number(readLines),
    result: result && {
      ...result,
      firstOrderAt: new Date(result.firstOrderAt),
      lastOrderAt: new Date(result.lastOrderAt),
    },
  };
}
