import { controlVerb, nothing } from '@/lib/domain/verb';
import { type DatasetDefinition, datasets } from '../../extracts/datasets';
import { datasetNames } from '../../extracts/ports';
import { maskOf } from '../differences';
import type { PolicySummary } from '../ports';

export interface ListedPolicy extends Omit<PolicySummary, 'dataset'> {
  readonly dataset: DatasetDefinition;
  /** Columns that the standard in force lets out, those that it masks among them, and those that it does not decide. */
  readonly out: number;
  readonly masked: number;
  readonly undecided: number;
}

/** The policy of each dataset. Throws `forbidden`. */
export const listPolicies = controlVerb(
  'policies.list',
  nothing,
  async (ctx): Promise<readonly ListedPolicy[]> => {
    const summaries = await ctx.ports.policies.summaries();
    return datasetNames.map((name) => {
      const {
        standard = null,
        overrides = 0,
        scheduled = 0,
      } = summaries.find(({ dataset }) => dataset === name) ?? {};
      const { columns } = datasets[name];
      const content = standard?.content ?? { columns: {}, rowLimit: null };
      const all = columns.map((column) => maskOf(content, column.name));
      const out = all.filter((mask) => mask !== null && mask !== 'drop');
      return {
        dataset: datasets[name],
        standard,
        overrides,
        scheduled,
        out: out.length,
        masked: out.filter((mask) => mask !== 'none').length,
        undecided: all.filter((mask) => mask === null).length,
      };
    });
  },
);
