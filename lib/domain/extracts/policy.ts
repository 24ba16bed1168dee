import { type ColumnDefinition, datasets } from './datasets';
import { maskingOf } from './masking';
import type { DatasetName, ExtractFormat, ExtractPolicy, OutputColumn } from './ports';

/** A column that people can choose, as it comes out. */
export interface OfferedColumn extends OutputColumn {
  readonly unit: string | null;
  readonly meaning: string;
}

/**
 * The columns of the dataset that `policy` permits, in the dataset's order. Leaves out those that the policy does not name,
 * drops, or masks in a way that does not apply to their type.
 */
export function offeredColumns(policy: ExtractPolicy): readonly OfferedColumn[] {
  return datasets[policy.dataset].columns.flatMap((column) => offered(column, policy) ?? []);
}

function offered(
  { name, type, unit, meaning }: ColumnDefinition,
  policy: ExtractPolicy,
): OfferedColumn | null {
  const mask = Object.hasOwn(policy.columns, name) ? policy.columns[name] : undefined;
  if (mask === undefined || mask === 'drop') return null;
  const masking = maskingOf(type, mask);
  return masking && { name, type: masking.type, mask, unit, meaning };
}

/**
 * The column that a date range may filter; null when there is none or it is masked: filtering day by day would reveal the values
 * that the policy hides.
 */
export function rangeColumn(policy: ExtractPolicy): string | null {
  const { dated } = datasets[policy.dataset];
  const open = offeredColumns(policy).some(({ name, mask }) => name === dated && mask === 'none');
  return open ? dated : null;
}

/** Whether a file of `format` can hold the column: the XGBoost layout holds only numbers. */
function fitsFormat(column: OutputColumn, format: ExtractFormat): boolean {
  if (format !== 'xgboost') return true;
  return (column.type === 'int' || column.type === 'float') && column.mask !== 'redact';
}

/**
 * Whether a file of `format` holds the column, whatever people choose: `always` for the label of the XGBoost layout, `never` for what
 * that layout can’t hold. Null: people choose.
 */
export function fixedInFormat(
  dataset: DatasetName,
  format: ExtractFormat,
  column: OutputColumn,
): 'always' | 'never' | null {
  if (!fitsFormat(column, format)) return 'never';
  return format === 'xgboost' && column.name === datasets[dataset].target ? 'always' : null;
}

/** The columns of `offered` that a file of `format` holds, in its order: in the XGBoost layout the label comes first. */
export function inFormat<C extends OutputColumn>(
  dataset: DatasetName,
  format: ExtractFormat,
  offeredOnes: readonly C[],
): readonly C[] {
  const fitting = offeredOnes.filter((column) => fitsFormat(column, format));
  const { target } = datasets[dataset];
  if (format !== 'xgboost' || target === null) return fitting;
  return [...fitting.filter(({ name }) => name === target), ...fitting.filter(({ name }) => name !== target)];
}
