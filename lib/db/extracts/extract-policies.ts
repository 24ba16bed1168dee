import type { DatasetName, ExtractPolicies, ExtractPolicy } from '@/lib/domain/extracts/ports';
import { datasetNames } from '@/lib/domain/extracts/ports';
import { policyColumns as storedColumns } from '@/lib/domain/extracts/schemas';
import { readTenant } from '../core/tenant-scope';
import { type ExtractPolicy as PolicyRow, Prisma } from '../generated/client';

const policyColumns = Prisma.raw(
  'dataset, version, columns, created_at AS "createdAt", created_by AS "createdBy"',
);

/** The extract policies in force that `tenantId` may read: the newest version of each dataset. */
export function extractPolicies(tenantId: string): ExtractPolicies {
  return {
    current: async (dataset) => {
      const [row] = await readTenant(tenantId, (query) =>
        query<PolicyRow>(Prisma.sql`
          SELECT ${policyColumns} FROM extract_policy WHERE dataset = ${dataset} ORDER BY version DESC LIMIT 1`),
      );
      return row ? policyOf(row, dataset) : null;
    },
    all: async () => {
      const rows = await readTenant(tenantId, (query) =>
        query<PolicyRow>(Prisma.sql`
          SELECT DISTINCT ON (dataset) ${policyColumns} FROM extract_policy
          WHERE dataset = ANY (${[...datasetNames]}::text[]) ORDER BY dataset, version DESC`),
      );
      return rows.flatMap((row) => {
        const dataset = datasetNames.find((name) => name === row.dataset);
        return dataset ? [policyOf(row, dataset)] : [];
      });
    },
  };
}

/** Throws for a policy that it cannot parse: data must not leave under rules that Annex does not understand. */
function policyOf(
  { version, columns, createdAt, createdBy }: PolicyRow,
  dataset: DatasetName,
): ExtractPolicy {
  return { dataset, version, columns: storedColumns.parse(columns), createdAt, createdBy };
}
