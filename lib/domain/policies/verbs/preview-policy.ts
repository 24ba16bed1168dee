import { controlVerb } from '@/lib/domain/verb';
import { datasets } from '../../extracts/datasets';
import { maskingOf } from '../../extracts/masking';
import type { ColumnType, OutputMask } from '../../extracts/ports';
import { generalised, groupsQuery, maskIn, previewQuery, sampleSize } from '../sample';
import { previewPolicyInput } from '../schemas';
import { checkMasks } from '../write';

export interface PreviewedColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Null: the column is left out. */
  readonly output: { readonly type: ColumnType; readonly mask: OutputMask } | null;
}

export interface PolicyPreview {
  readonly columns: readonly PreviewedColumn[];
  /** Per row and column, the value as it is and as it comes out; null for an empty value, and for one of a column that is left out. */
  readonly rows: readonly (readonly { readonly before: string | null; readonly after: string | null }[])[];
  /** How many rows were generated. */
  readonly sampleSize: number;
  readonly anonymity: {
    /** Names of the generalised columns. */
    readonly by: readonly string[];
    /** Rows of the smallest group that these make: the k of k-anonymity. */
    readonly k: number;
    readonly groups: number;
  } | null;
  /** Names of the columns that leave as they are, which `anonymity` does not count. */
  readonly unmasked: readonly string[];
}

/**
 * What the masks make of generated rows, in the SQL that extracts use; no tenant's rows are read. Throws `forbidden`, and `invalid` with
 * the column at fault.
 */
export const previewPolicy = controlVerb(
  'policies.view',
  previewPolicyInput,
  async (ctx, { dataset, columns: masks }): Promise<PolicyPreview> => {
    checkMasks(dataset, masks);
    const { samples } = ctx.ports;
    const groups = groupsQuery(dataset, masks);
    const [shown, grouped] = await Promise.all([
      samples.read(previewQuery(dataset, masks)),
      groups ? samples.read(groups) : [],
    ]);
    const columns = datasets[dataset].columns.map(({ name, type }): PreviewedColumn => {
      const mask = maskIn(masks, name);
      const masking = maskingOf(type, mask);
      return { name, type, output: masking && mask !== 'drop' ? { type: masking.type, mask } : null };
    });
    const [found] = grouped;
    return {
      columns,
      rows: shown.map((row) =>
        columns.map((_, at) => ({ before: row[`b${at + 1}`] ?? null, after: row[`a${at + 1}`] ?? null })),
      ),
      sampleSize,
      anonymity: found
        ? {
            by: generalised(dataset, masks).map(({ name }) => name),
            k: Number(found.smallest),
            groups: Number(found.groups),
          }
        : null,
      unmasked: columns.flatMap(({ name, output }) => (output?.mask === 'none' ? [name] : [])),
    };
  },
);
