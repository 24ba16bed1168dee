import type { SpendDay } from '../budget/ports';
import { type CsvColumn, csvLines } from '../csv';
import type { TenantCost } from './ports';

const cents = 2;

const costColumns: readonly CsvColumn<TenantCost>[] = [
  { name: 'tenant_id', value: ({ id }) => id },
  { name: 'name', value: ({ name }) => name },
  { name: 'state', value: ({ state }) => state },
  { name: 'account_id', value: ({ accountId }) => accountId },
  { name: 'bill_usd', value: ({ bill }) => bill, decimals: cents },
  { name: 'bill_of_last_month_usd', value: ({ before }) => before, decimals: cents },
  { name: 'run_rate_usd_per_hour', value: ({ rate }) => rate, decimals: 4 },
  { name: 'measured_usd', value: ({ spent }) => spent, decimals: cents },
  { name: 'budget_usd', value: ({ budget }) => budget },
  { name: 'measured_until', value: ({ measuredAt }) => measuredAt },
  { name: 'measuring_fails_since', value: ({ failingSince }) => failingSince },
];

/** What tenants cost, as CSV. */
export const costsCsv = (costs: AsyncIterable<TenantCost>): AsyncGenerator<string> =>
  csvLines(costColumns, costs);

const dayColumns: readonly CsvColumn<SpendDay>[] = [
  { name: 'day', value: ({ day }) => day },
  { name: 'measured_usd', value: ({ usd }) => usd, decimals: 4 },
  { name: 'unseen_seconds', value: ({ unseenSeconds }) => unseenSeconds },
];

/** What was measured of each day, as CSV. */
export const spendDaysCsv = (days: Iterable<SpendDay>): AsyncGenerator<string> => csvLines(dayColumns, days);
