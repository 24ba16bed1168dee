import type { CustomerOverview } from '@/lib/domain/crm/ports';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { type DatasetDefinition, datasets } from '../datasets';
import { type TrainingDates, trainingDates } from '../dates';
import { type OfferedColumn, offeredColumns, rangeColumn } from '../policy';
import { datasetNames } from '../ports';

/** A dataset as a tenant may extract it now. */
export interface OfferedDataset extends Omit<DatasetDefinition, 'columns'> {
  /** The column that a range of days may narrow under the policy. */
  readonly dated: string | null;
  /** Under the policy; empty when there is none, or it keeps everything back. */
  readonly columns: readonly OfferedColumn[];
  readonly policyVersion: number | null;
}

export interface DatasetOffer {
  readonly datasets: readonly OfferedDataset[];
  readonly overview: CustomerOverview;
  readonly training: TrainingDates;
}

/** What there is to extract, with the columns that the policies leave. Throws `forbidden`. */
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
