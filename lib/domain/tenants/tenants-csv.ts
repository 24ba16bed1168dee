import { type CsvColumn, csvLines } from '../csv';
import type { Tenant } from './tenant';

const columns: readonly CsvColumn<Tenant>[] = [
  { name: 'tenant_id', value: ({ id }) => id },
  { name: 'name', value: ({ name }) => name },
  { name: 'state', value: ({ state }) => state },
  { name: 'account_id', value: ({ accountId }) => accountId },
  { name: 'created_at', value: ({ createdAt }) => createdAt },
];

/** Tenants as CSV. */
export const tenantsCsv = (tenants: AsyncIterable<Tenant>): AsyncGenerator<string> =>
  csvLines(columns, tenants);
