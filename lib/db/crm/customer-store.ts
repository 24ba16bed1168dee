import type { Customer, CustomerStore, Order } from '@/lib/domain/crm/ports';
import { decodeCursor, encodeCursor } from '@/lib/domain/cursor';
import { hourMs } from '@/lib/domain/time';
import { readTenant, tenantRows } from '../core/tenant-scope';
import type { RunQuery } from '../core/transaction';
import { Prisma } from '../generated/client';
import { readOverview } from './customer-overview';
import { type CustomerSelection, pagesOf } from './customer-pages';
import { type CustomerRow, customerColumns, toCustomer } from './customer-rows';
import { searchFilter } from './customer-search';
import { wholeListSql } from './customer-segments';
import { orderPosition } from './order-position';
import { shownScores } from './shown-scores';

const rowsPerExportRead = 2000;
const longestExportMs = hourMs;

/** Reads `tenantId`'s customers. */
export function customerStore(tenantId: string): CustomerStore {
  return {
    overview: () => readTenant(tenantId, (query) => readOverview(query, tenantId)),
    list: ({ cursor, limit, ...selection }) =>
      readTenant(tenantId, async (query) => {
        const { rows, ...page } = await (await pagesOf(query, tenantId, selection))(cursor, limit);
        return { ...page, customers: rows.map(toCustomer) };
      }),
    get: (customerId) =>
      readTenant(tenantId, async (query) => {
        const { sheet } = await shownScores(query, tenantId);
        const [row] = await query<CustomerRow>(Prisma.sql`
          SELECT ${customerColumns}, NULL::double precision AS sort_key
          FROM crm.customer c LEFT JOIN ${sheet} s ON s.tenant_id = c.tenant_id AND s.customer_id = c.id
          WHERE c.tenant_id = ${tenantId} AND c.id = ${customerId}`);
        return row ? toCustomer(row) : null;
      }),
    orders: (customerId, page) =>
      readTenant(tenantId, (query) => ordersPage(query, tenantId, customerId, page)),
    export: (selection) => exportCustomers(tenantId, selection),
  };
}

async function* exportCustomers(tenantId: string, selection: CustomerSelection): AsyncGenerator<Customer> {
  // A separate query first: when few ids match, the main query is short.
  const { filter, sheet } = await readTenant(tenantId, async (query) => ({
    filter: await searchFilter(query, tenantId, selection.search),
    sheet: (await shownScores(query, tenantId)).sheet,
  }));
  const batches = tenantRows<CustomerRow>(
    tenantId,
    wholeListSql(tenantId, selection, { filter, sheet }),
    rowsPerExportRead,
    { timeoutMs: longestExportMs },
  );
  for await (const rows of batches) yield* rows.map(toCustomer);
}

interface OrderRow {
  readonly ordered_at: Date;
  readonly at: string;
  readonly quantity: number;
  readonly amount: string;
  readonly occurrence: number;
}

async function ordersPage(
  run: RunQuery,
  tenantId: string,
  customerId: string,
  page: { readonly limit: number; readonly before?: string | undefined },
): Promise<{ readonly orders: readonly Order[]; readonly next: string | null }> {
  const before = page.before === undefined ? null : decodeCursor(orderPosition, page.before);
  const older = before
    ? Prisma.sql`AND (ordered_at, quantity, amount, occurrence)
        < (${before[0]}::timestamp AT TIME ZONE 'UTC', ${before[1]}::integer, ${before[2]}::numeric, ${before[3]}::integer)`
    : Prisma.empty;
  const rows = await run<OrderRow>(Prisma.sql`
    SELECT ordered_at, to_char(ordered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS at, quantity, amount::text AS amount, occurrence
    FROM crm.customer_order
    WHERE tenant_id = ${tenantId} AND customer_id = ${customerId} ${older}
    ORDER BY ordered_at DESC, quantity DESC, amount DESC, occurrence DESC LIMIT ${page.limit + 1}`);
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    orders: shown.map(({ ordered_at, quantity, amount }) => ({
      orderedAt: ordered_at,
      quantity,
      amount: Number(amount),
    })),
    next:
      rows.length > page.limit && last
        ? encodeCursor([last.at, last.quantity, last.amount, last.occurrence])
        : null,
  };
}
