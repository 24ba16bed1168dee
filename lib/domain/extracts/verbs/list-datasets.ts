import type { CustomerOverview } from '@/lib/domain/crm/ports';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { type DatasetDefinition, datasets } from '../datasets';
import { type TrainingDates, trainingDates } from '../dates';
import { type OfferedColumn, offeredColumns, rangeColumn } from '../policy';
import { datasetNames } from '../ports';

/** A dataset as the tenant can extract it now. */
export interface OfferedDataset extends Omit<DatasetDefinition, 'columns'> {
  /** The column that a date range may filter under the policy. */
  readonly dated: string | null;
  /** Columns that the policy permits; empty without a policy or when it permits none. */
  readonly columns: readonly OfferedColumn[];
  readonly policyVersion: number | null;
}

export interface DatasetOffer {
  readonly datasets: readonly OfferedDataset[];
  readonly overview: CustomerOverview;
  readonly training: TrainingDates;
}

/** The datasets, each with the columns that its policy permits. Throws `forbidden`. */
export const listDatasets = tenantVerb('datasets.list', nothing, async (ctx): Promise<DatasetOffer> => {
  const [policies, overview] = await Promise.all([
    ctx.ports.extracts.policies.all(),
    ctx.ports.customers.overview(),
  ]);
  const offers = datasetNames.map((name): OfferedDataset => {
    const policy = policies.find(({ dataset }) => dataset === name);
    return {
      ...datasets[name],
      dated: policy ? rangeColumn(policy) : null,
      columns: policy ? offeredColumns(policy) : [],
      policyVersion: policy?.version ?? null,
    };
  });
  return { datasets: offers, overview, training: trainingDates(overview) };
});
