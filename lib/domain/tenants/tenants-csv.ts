import { type CsvColumn, csvLines } from '../csv';
import type { ListedTenant } from './ports';

const columns: readonly CsvColumn<ListedTenant>[] = [
  { name: 'tenant_id', value: ({ id }) => id },
  { name: 'name', value: ({ name }) => name },
  { name: 'state', value: ({ state }) => state },
  { name: 'plan', value: ({ plan }) => plan.id },
  { name: 'health', value: ({ health }) => health && (health.failing ?? 'ok') },
  { name: 'health_as_of', value: ({ health }) => health?.at },
  { name: 'account_id', value: ({ accountId }) => accountId },
  { name: 'created_at', value: ({ createdAt }) => createdAt },
];

/** Tenants as CSV. */
export const tenantsCsv = (tenants: AsyncIterable<ListedTenant>): AsyncGenerator<string> =>
  csvLines(columns, tenants);
