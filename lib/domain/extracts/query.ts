import { AnnexError } from '@/lib/errors';
import { addDays, horizonDays, utcDay } from '../time';
import { type DatasetDefinition, datasets } from './datasets';
import { maskingOf } from './masking';
import { inFormat, type OfferedColumn, offeredColumns, rangeColumn } from './policy';
import type { BoundValue, DatasetName, DateRange, ExtractFormat, ExtractPolicy, ExtractQuery } from './ports';
import { type Parameter, parameters, parameterTypes, type Source, sources } from './sources';

export interface QueryRequest {
  readonly tenantId: string;
  readonly dataset: DatasetName;
  readonly format: ExtractFormat;
  /** Null: every column that the policy permits. */
  readonly columns: readonly string[] | null;
  readonly range: DateRange;
  /** A UTC midnight: features cover what came before it, the label what came from it on. Null for a dataset without features. */
  readonly asOf: Date | null;
  readonly policy: ExtractPolicy;
}

/**
 * The only query of an extract; its estimate, preview and file all use it. A column appears only if the policy permits, masked as
 * the policy says, and neither the selection nor the order of rows reveals more of it. Under a row limit, it gives one row more at
 * most. Run it in UTC, inside the tenant's row-level security. Throws `invalid` with the field for what the dataset or the policy does not offer.
 */
export function extractQuery(request: QueryRequest): ExtractQuery {
  const dataset = datasets[request.dataset];
  if (request.policy.dataset !== dataset.name) throw new Error('The policy belongs to another dataset.');
  if (!dataset.formats.includes(request.format)) {
    throw invalid('format', `The dataset “${dataset.label}” is not available in this format.`);
  }
  const columns = chosenColumns(request);
  const source = sources[dataset.name];
  const masked = ({ name, mask }: Pick<OfferedColumn, 'name' | 'mask'>): string => {
    const { type } = dataset.columns.find((column) => column.name === name) ?? { type: 'text' };
    const masking = maskingOf(type, mask);
    const raw = source.columns[name];
    if (!masking || raw === undefined) throw new Error(`Column ${name} has no expression.`);
    return masking.sql(raw);
  };
  const list = columns.map((column) => `${masked(column)} AS ${quoted(column.name)}`);
  const conditions = [...(source.where === null ? [] : [source.where]), ...inRange(dataset, source, request)];
  const where = conditions.length > 0 ? `\nWHERE ${conditions.join(' AND ')}` : '';
  const sorted = sortColumns(source.key, request.policy).map(masked);
  const order = sorted.length > 0 ? `\nORDER BY ${sorted.join(', ')}` : '';
  const { rowLimit } = request.policy;
  const limit = rowLimit === null ? '' : `\nLIMIT ${rowLimit + 1}`;
  return {
    ...bound(
      `SELECT ${list.join(', ')}\nFROM ${source.from}${where}${order}${limit}`,
      valuesFor(dataset, request),
    ),
    columns: columns.map(({ name, type, mask }) => ({ name, type, mask })),
  };
}

/** `sql` with placeholders for its parameters, in the order of `parameterTypes`, and their values. */
function bound(
  sql: string,
  given: Readonly<Partial<Record<Parameter, string>>>,
): Pick<ExtractQuery, 'statement' | 'values'> {
  const used = parameters.filter((name) => sql.includes(`{${name}}`));
  const values = used.map((name): BoundValue => {
    const value = given[name];
    if (value === undefined) throw new Error(`The statement lacks its ${name}.`);
    return { type: parameterTypes[name], value };
  });
  const statement = used.reduce(
    (text, name, at) => text.replaceAll(`{${name}}`, `$$${at + 1}::${parameterTypes[name]}`),
    sql,
  );
  return { statement, values };
}

/** The values of the parameters that the request has. Throws `invalid` for features without a date. */
function valuesFor(
  dataset: DatasetDefinition,
  { tenantId: tenant, range, asOf }: QueryRequest,
): Partial<Record<Parameter, string>> {
  if (dataset.asOf === 'none') {
    if (asOf !== null) throw new Error(`${dataset.name} has no date column.`);
    return {
      tenant,
      ...(range.from ? { from: range.from.toISOString() } : {}),
      ...(range.before ? { before: range.before.toISOString() } : {}),
    };
  }
  if (asOf === null) throw invalid('asOf', 'Choose a date.');
  return {
    tenant,
    asOf: asOf.toISOString(),
    windowStart: addDays(asOf, -horizonDays).toISOString(),
    day: utcDay(asOf),
    end: addDays(asOf, horizonDays).toISOString(),
  };
}

/** The conditions of the date range. Throws `invalid` if the policy masks the column that it filters. */
function inRange(
  dataset: DatasetDefinition,
  source: Source,
  { policy, range }: QueryRequest,
): readonly string[] {
  if (dataset.dated === null) return [];
  const { from, before } = range;
  const dated = rangeColumn(policy);
  if (dated === null && (from || before)) {
    throw invalid(
      from ? 'from' : 'to',
      `The extract policy masks ${dataset.dated}, so you can’t filter by day. Leave both days empty.`,
    );
  }
  const instant = dated === null ? undefined : source.columns[dated];
  return instant
    ? [...(from ? [`${instant} >= {from}`] : []), ...(before ? [`${instant} < {before}`] : [])]
    : [];
}

function chosenColumns({ dataset, format, columns, policy }: QueryRequest) {
  const offered = offeredColumns(policy);
  const wanted = columns === null ? null : new Set(columns);
  for (const name of wanted ?? []) {
    if (!offered.some((column) => column.name === name)) {
      throw invalid('columns', `This dataset has no column “${name.slice(0, 60)}” to extract.`);
    }
  }
  const { target } = datasets[dataset];
  const label = format === 'xgboost' ? target : null;
  const chosen = inFormat(
    dataset,
    format,
    offered.filter(({ name }) => wanted === null || wanted.has(name) || name === label),
  );
  if (label !== null && chosen[0]?.name !== label) {
    throw invalid('format', 'The policy withholds the label, which this format requires.');
  }
  if (chosen.length === (label === null ? 0 : 1)) {
    throw invalid(
      'columns',
      format === 'xgboost' ? 'Choose at least one numeric column.' : 'Choose at least one column.',
    );
  }
  return chosen;
}

/**
 * The columns to sort by: the key as masked and, where that does not tell rows apart, every other column. Sorting by unmasked ids
 * would let anyone who knows them identify rows by their position. Rows that still tie are identical, so the preview shows the
 * first rows of the file.
 */
function sortColumns(key: readonly string[], policy: ExtractPolicy): readonly OfferedColumn[] {
  const telling = offeredColumns(policy).filter(({ mask }) => mask !== 'redact');
  const ofKey = key.flatMap((name) => telling.find((column) => column.name === name) ?? []);
  const apart = ofKey.filter(({ mask }) => mask === 'none' || mask === 'hash').length === key.length;
  return apart ? ofKey : [...ofKey, ...telling.filter(({ name }) => !key.includes(name))];
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

function invalid(field: string, text: string): AnnexError {
  return new AnnexError('invalid', text, { fields: { [field]: text } });
}
