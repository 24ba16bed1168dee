import type { DatasetName, ExtractPolicies, ExtractPolicy } from '@/lib/domain/extracts/ports';
import { datasetNames } from '@/lib/domain/extracts/ports';
import { policyColumns } from '@/lib/domain/extracts/schemas';
import { withTenant } from '../core/tenant-scope';
import type { ExtractPolicy as PolicyRow } from '../generated/client';

/** The extract policies in force that `tenantId` may read: the newest version of each dataset. */
export function extractPolicies(tenantId: string): ExtractPolicies {
  return {
    current: async (dataset) => {
      const row = await withTenant(tenantId, (tx) =>
        tx.extractPolicy.findFirst({ where: { dataset }, orderBy: { version: 'desc' } }),
      );
      return row && policyOf(row, dataset);
    },
    all: async () => {
      const rows = await withTenant(tenantId, (tx) =>
        tx.extractPolicy.findMany({
          where: { dataset: { in: [...datasetNames] } },
          distinct: ['dataset'],
          orderBy: [{ dataset: 'asc' }, { version: 'desc' }],
        }),
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
  return { dataset, version, columns: policyColumns.parse(columns), createdAt, createdBy };
}
