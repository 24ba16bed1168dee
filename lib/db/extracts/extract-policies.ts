import type { DatasetName, ExtractPolicies, ExtractPolicy } from '@/lib/domain/extracts/ports';
import { datasetNames } from '@/lib/domain/extracts/ports';
import { policyColumns as storedColumns } from '@/lib/domain/extracts/schemas';
import { readTenant } from '../core/tenant-scope';
import { type ExtractPolicy as PolicyRow, Prisma } from '../generated/client';

const policyColumns = Prisma.raw(
  'dataset, version, columns, row_limit AS "rowLimit", created_at AS "createdAt", created_by AS "createdBy"',
);

/** The extract policies in force for `tenantId`, as `extract_policies_in_force` decides. */
export function extractPolicies(tenantId: string): ExtractPolicies {
  return {
    current: async (dataset) => {
      const [row] = await readTenant(tenantId, (query) =>
        query<PolicyRow>(Prisma.sql`
          SELECT ${policyColumns} FROM extract_policies_in_force(${tenantId}) WHERE dataset = ${dataset}`),
      );
      return row ? policyOf(row, dataset) : null;
    },
    all: async () => {
      const rows = await readTenant(tenantId, (query) =>
        query<PolicyRow>(Prisma.sql`
          SELECT ${policyColumns} FROM extract_policies_in_force(${tenantId})
          WHERE dataset = ANY (${[...datasetNames]}::text[])`),
      );
      return rows.flatMap((row) => {
        const dataset = datasetNames.find((name) => name === row.dataset);
        return dataset ? [policyOf(row, dataset)] : [];
      });
    },
  };
}

/** Throws for a policy that it cannot parse: data must not leave under rules that Annex does not understand. */
function policyOf({ columns, ...row }: PolicyRow, dataset: DatasetName): ExtractPolicy {
  const { version, rowLimit, createdAt, createdBy } = row;
  return { dataset, version, columns: storedColumns.parse(columns), rowLimit, createdAt, createdBy };
}
