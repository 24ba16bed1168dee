import type { Customer, CustomerStore } from '@/lib/domain/crm/ports';
import { hourMs } from '@/lib/domain/time';
import { readTenant, tenantRows } from '../core/tenant-scope';
import { Prisma } from '../generated/client';
import { readOverview } from './customer-overview';
import { type CustomerSelection, pagesOf } from './customer-pages';
import { type CustomerRow, customerColumns, toCustomer } from './customer-rows';
import { searchFilter } from './customer-search';
import { wholeListSql } from './customer-segments';
import { readOrders } from './order-pages';
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
      readTenant(tenantId, (query) => readOrders(query, tenantId, customerId, page)),
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
