import { type ColumnDefinition, datasets } from './datasets';
import { maskingOf } from './masking';
import type { DatasetName, ExtractFormat, ExtractPolicy, OutputColumn } from './ports';

/** A column that may be asked for, with what comes out of it. */
export interface OfferedColumn extends OutputColumn {
  readonly unit: string | null;
  readonly meaning: string;
}

/**
 * The columns that `policy` leaves of its dataset, in the dataset's order. One that the policy does not name, drops, or
 * masks in a way that its type does not know is not among them.
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
 * The column that a range of days may narrow; null where there is none, or where it does not come out as it is: asking day by
 * day would tell what the policy keeps back.
 */
export function rangeColumn(policy: ExtractPolicy): string | null {
  const { dated } = datasets[policy.dataset];
  const open = offeredColumns(policy).some(({ name, mask }) => name === dated && mask === 'none');
  return open ? dated : null;
}

/** Whether a column can stand in a file of `format`: the XGBoost layout has room for numbers alone. */
function fitsFormat(column: OutputColumn, format: ExtractFormat): boolean {
  if (format !== 'xgboost') return true;
  return (column.type === 'int' || column.type === 'float') && column.mask !== 'redact';
}

/** `offered` that stand in a file of `format`, in its order: in the XGBoost layout the label comes first. */
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
