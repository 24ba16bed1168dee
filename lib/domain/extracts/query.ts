import { AnnexError } from '@/lib/errors';
import { historyTermsSql, isPurchaseSql, orderHistorySql, ticketCountsSql } from '../churn/feature-sql';
import { churnFeatures } from '../churn/features';
import { addDays, horizonDays, utcDay } from '../time';
import { type DatasetDefinition, datasets } from './datasets';
import { maskingOf } from './masking';
import { inFormat, type OfferedColumn, offeredColumns, rangeColumn } from './policy';
import type { BoundValue, DatasetName, DateRange, ExtractFormat, ExtractPolicy, ExtractQuery } from './ports';

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
 * the policy says, and neither the selection nor the order of rows reveals more of it. Run it in UTC, inside the tenant's
 * row-level security. Throws `invalid` with the field for what the dataset or the policy does not offer.
 */
export function extractQuery(request: QueryRequest): ExtractQuery {
  const dataset = datasets[request.dataset];
  if (request.policy.dataset !== dataset.name) throw new Error('The policy belongs to another dataset.');
  if (!dataset.formats.includes(request.format)) {
    throw invalid('format', `The dataset “${dataset.label}” is not available in this format.`);
  }
  const columns = chosenColumns(request);
  const values: BoundValue[] = [];
  const bind = (type: BoundValue['type'], value: string): string => {
    values.push({ type, value });
    return `$${values.length}::${type}`;
  };
  const source = sourceOf(dataset, request, bind);
  const masked = ({ name, mask }: Pick<OfferedColumn, 'name' | 'mask'>): string => {
    const { type } = dataset.columns.find((column) => column.name === name) ?? { type: 'text' };
    const masking = maskingOf(type, mask);
    const raw = source.columns[name];
    if (!masking || raw === undefined) throw new Error(`Column ${name} has no expression.`);
    return masking.sql(raw);
  };
  const list = columns.map((column) => `${masked(column)} AS ${quoted(column.name)}`);
  const where = source.where.length > 0 ? `\nWHERE ${source.where.join(' AND ')}` : '';
  const sorted = sortColumns(source.key, request.policy).map(masked);
  const order = sorted.length > 0 ? `\nORDER BY ${sorted.join(', ')}` : '';
  return {
    statement: `SELECT ${list.join(', ')}\nFROM ${source.from}${where}${order}`,
    values,
    columns: columns.map(({ name, type, mask }) => ({ name, type, mask })),
  };
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

type Bind = (type: BoundValue['type'], value: string) => string;

interface Source {
  readonly from: string;
  /** SQL expressions by column. */
  readonly columns: Readonly<Record<string, string>>;
  readonly where: readonly string[];
  /** Columns that tell rows apart, in the order of an index. */
  readonly key: readonly string[];
}

function sourceOf(dataset: DatasetDefinition, request: QueryRequest, bind: Bind): Source {
  const table = tables[dataset.name];
  if (table === null) return featureSource(dataset, request, bind);
  if (request.asOf !== null) throw new Error(`${dataset.name} has no date column.`);
  const { from, before } = dataset.dated === null ? { from: null, before: null } : request.range;
  const dated = rangeColumn(request.policy);
  if (dated === null && (from || before)) {
    throw invalid(
      from ? 'from' : 'to',
      `The extract policy masks ${dataset.dated}, so you can’t filter by day. Leave both days empty.`,
    );
  }
  const instant = dated === null ? undefined : table.columns[dated];
  return {
    ...table,
    where: [
      `source.tenant_id = ${bind('text', request.tenantId)}`,
      ...(from && instant ? [`${instant} >= ${bind('timestamptz', from.toISOString())}`] : []),
      ...(before && instant ? [`${instant} < ${bind('timestamptz', before.toISOString())}`] : []),
    ],
  };
}

/** The table that a dataset is read from; null for one of features, which are computed. */
const tables: Readonly<Record<DatasetName, Omit<Source, 'where'> | null>> = {
  customers: {
    from: 'crm.customer AS source',
    columns: {
      customer_id: 'source.id',
      name: 'source.name',
      email: 'source.email',
      created_at: 'source.created_at',
    },
    key: ['customer_id'],
  },
  orders: {
    from: 'crm.customer_order AS source',
    columns: {
      customer_id: 'source.customer_id',
      ordered_at: 'source.ordered_at',
      quantity: 'source.quantity',
      amount: 'source.amount',
    },
    // Every column of the primary key that can be extracted.
    key: ['customer_id', 'ordered_at', 'quantity', 'amount'],
  },
  tickets: {
    from: 'crm.ticket AS source',
    columns: {
      ticket_id: 'source.id',
      customer_id: 'source.customer_id',
      opened_at: 'source.opened_at',
      subject: 'source.subject',
    },
    key: ['ticket_id'],
  },
  churn_features: null,
  churn_training: null,
};

/** Features at `asOf`; for a dataset with a label, also whether an order came in the 90 days from then on. */
function featureSource(dataset: DatasetDefinition, request: QueryRequest, bind: Bind): Source {
  const { asOf } = request;
  if (asOf === null) throw invalid('asOf', 'Choose a date.');
  const tenant = bind('text', request.tenantId);
  const instant = {
    tenant,
    asOf: bind('timestamptz', asOf.toISOString()),
    windowStart: bind('timestamptz', addDays(asOf, -horizonDays).toISOString()),
  };
  const histories = orderHistorySql({ ...instant, day: bind('date', utcDay(asOf)) });
  const joins = [`LEFT JOIN (${ticketCountsSql(instant)}) AS ticketed USING (customer_id)`];
  const columns: Record<string, string> = { customer_id: 'source.customer_id' };
  for (const { name, type, sql } of churnFeatures) {
    columns[name] = `(${sql})::${type === 'int' ? 'integer' : 'double precision'}`;
  }
  if (dataset.target !== null) {
    const end = bind('timestamptz', addDays(asOf, horizonDays).toISOString());
    joins.push(`LEFT JOIN (
  SELECT DISTINCT customer_id FROM crm.customer_order
  WHERE tenant_id = ${tenant} AND ordered_at >= ${instant.asOf} AND ordered_at < ${end} AND ${isPurchaseSql()}
) AS returned USING (customer_id)`);
    columns[dataset.target] = '(returned.customer_id IS NULL)::integer';
  }
  return {
    from: `(${historyTermsSql(`(${histories}) AS histories`)}) AS source\n${joins.join('\n')}`,
    columns,
    where: [],
    key: ['customer_id'],
  };
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

function invalid(field: string, text: string): AnnexError {
  return new AnnexError('invalid', text, { fields: { [field]: text } });
}
