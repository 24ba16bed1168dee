import type { ExportedRow, TenantRows } from '@/lib/domain/closing/ports';
import { hourMs } from '@/lib/domain/time';
import { readTenant, tenantRows, withTenant } from '../core/tenant-scope';
import { Prisma } from '../generated/client';

/** Rows of one statement, and statements of one `purge`: short locks, and a limited time. */
const rowsAtOnce = 5000;
const statementsAtOnce = 40;
const countTimeoutMs = 60_000;
const rowsPerExportRead = 2000;

/** In an order that foreign keys allow. `app_user` is emptied person by person, with Cognito. */
const relations = [
  'crm.customer_order',
  'crm.ticket',
  'crm.customer_score',
  'crm.customer',
  'crm.customer_term',
  'crm.scoring_run',
  'crm.score_comparison',
  'crm.order_import',
  'crm.watermark',
  'crm.history',
  'public.doctor_run',
  'public.subscription',
  'public.scoring',
  'public.model_activation',
  'public.model_version',
  'public.contract_report',
] as const;

/** The rows of `tenantId`, for closing. The database lets them go only when `may_purge` says so. */
export const tenantRowsOf = (tenantId: string): TenantRows => ({
  async *every(what) {
    const batches = tenantRows<ExportedRow>(tenantId, exported[what](tenantId), rowsPerExportRead, {
      timeoutMs: hourMs,
    });
    for await (const batch of batches) yield* batch;
  },
  async count() {
    const [row] = await readTenant(
      tenantId,
      (query) =>
        query<Record<'people' | 'customers' | 'orders' | 'tickets' | 'models', number>>(Prisma.sql`
          SELECT (SELECT count(*) FROM app_user WHERE tenant_id = ${tenantId})::float8 AS people,
            (SELECT count(*) FROM crm.customer WHERE tenant_id = ${tenantId})::float8 AS customers,
            (SELECT count(*) FROM crm.customer_order WHERE tenant_id = ${tenantId})::float8 AS orders,
            (SELECT count(*) FROM crm.ticket WHERE tenant_id = ${tenantId})::float8 AS tickets,
            (SELECT count(*) FROM model_version WHERE tenant_id = ${tenantId})::float8 AS models`),
      { timeoutMs: countTimeoutMs },
    );
    if (!row) throw new Error('the counts of a tenant gave no row');
    return row;
  },
  async purge() {
    await dropOwnTables(tenantId);
    let statements = 0;
    for (const relation of relations) {
      for (;;) {
        if (statements >= statementsAtOnce) return true;
        statements += 1;
        if ((await deleteSome(tenantId, relation)) < rowsAtOnce) break;
      }
    }
    return false;
  },
});

const exported: Readonly<Record<'orders' | 'tickets', (tenantId: string) => Prisma.Sql>> = {
  orders: (tenantId) => Prisma.sql`
    SELECT customer_id, ordered_at, quantity, amount::float8 AS amount FROM crm.customer_order
    WHERE tenant_id = ${tenantId} ORDER BY customer_id, ordered_at`,
  tickets: (tenantId) => Prisma.sql`
    SELECT id AS ticket_id, customer_id, opened_at, subject FROM crm.ticket
    WHERE tenant_id = ${tenantId} ORDER BY customer_id, opened_at`,
};

/** The tables of scoring runs, the partition of scores and the salt of masks. */
async function dropOwnTables(tenantId: string): Promise<void> {
  await withTenant(tenantId, async (tx) => {
    await tx.$queryRaw`
      SELECT crm.drop_model_run(run)::text FROM crm.scoring_run WHERE tenant_id = ${tenantId}`;
    await tx.$queryRaw`SELECT crm.purge_own_tables()::text`;
  });
}

/** By their places: a join would read the rows of all tenants. */
const deleteSome = (tenantId: string, relation: (typeof relations)[number]): Promise<number> =>
  withTenant(tenantId, (tx) => {
    const table = Prisma.raw(relation);
    return tx.$executeRaw`
      DELETE FROM ${table} WHERE tenant_id = ${tenantId} AND ctid = ANY (ARRAY(
        SELECT ctid FROM ${table} WHERE tenant_id = ${tenantId} LIMIT ${rowsAtOnce}))`;
  });
