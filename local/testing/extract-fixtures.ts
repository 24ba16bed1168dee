import { extractReader } from '@/lib/db/extracts/replica';
import { datasets } from '@/lib/domain/extracts/datasets';
import type { ExtractPolicy } from '@/lib/domain/extracts/ports';
import { extractQuery, type QueryRequest } from '@/lib/domain/extracts/query';
import { asOf } from './scored-database';

/** Requests all columns and rows of the policy's dataset for `foo` at `as_of`; `more` overrides this. */
export function request(policy: ExtractPolicy, more: Partial<QueryRequest> = {}): QueryRequest {
  return {
    tenantId: 'foo',
    dataset: policy.dataset,
    format: 'csv',
    columns: null,
    range: { from: null, before: null },
    asOf: datasets[policy.dataset].asOf === 'none' ? null : asOf,
    policy,
    ...more,
  };
}

/** More rows than any dataset of the fixtures has. */
export const most = 1_000_000;

/** The rows of an extract, read as `tenant`: text by column. */
export async function rowsOf(wanted: QueryRequest, tenant = 'foo'): Promise<Record<string, string | null>[]> {
  const query = extractQuery(wanted);
  const rows = await extractReader(tenant).preview(query, most);
  return rows.map((row) => Object.fromEntries(query.columns.map(({ name }, n) => [name, row[n] ?? null])));
}
