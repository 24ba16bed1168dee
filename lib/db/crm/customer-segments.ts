import type { FeatureName } from '@/lib/domain/churn/features';
import type { CustomerQuery, CustomerSort } from '@/lib/domain/crm/ports';
import { bandLimits, type RiskBand } from '@/lib/domain/crm/risk-bands';
import { bandNumbers } from '../churn/band-numbers';
import { Prisma } from '../generated/client';
import { customerColumns } from './customer-rows';
import type { SearchFilter } from './customer-search';

/**
 * A list consists of one or two segments: first the customers with the sort key, in the requested direction, then those
 * without it, by id. A list sorted by id is a single segment.
 */
export const segmentNames = ['keyed', 'unkeyed'] as const;
export type SegmentName = (typeof segmentNames)[number];

/** Where a page begins: after this row, in reading direction. */
export interface Position {
  readonly key: number | null;
  readonly id: string;
}

export interface Slice {
  readonly tenantId: string;
  /** As in `ShownScores`. */
  readonly sheet: Prisma.Sql;
  readonly query: Pick<CustomerQuery, 'sort' | 'band'>;
  readonly filter: SearchFilter;
  /** Reads from low keys to high ones. */
  readonly ascending: boolean;
  readonly after: Position | null;
  readonly limit: number;
  /** The requested band is small: fetch and sort it instead of walking past all other customers. */
  readonly fewInBand: boolean;
}

/** The key of each order: its column, and the type of the column. A key of another type would not be looked up in an index. */
const keyColumns = {
  risk: ['probability', 'double precision'],
  recency: ['recency_days', 'double precision'],
  days: ['frequency', 'integer'],
  value: ['monetary_mean', 'double precision'],
  spend: ['spend_90d', 'double precision'],
  orders: ['orders_90d', 'integer'],
} as const satisfies Record<Exclude<CustomerSort, 'id'>, readonly [FeatureName | 'probability', string]>;
type KeyColumn = (typeof keyColumns)[keyof typeof keyColumns];
const allBands = [0, ...Object.values(bandNumbers)];

/** The segments of a list in reading order. A band has only scored customers. */
export function segmentsOf({ sort, band }: Pick<CustomerQuery, 'sort' | 'band'>): readonly SegmentName[] {
  if (sort === 'id') return band ? ['keyed'] : ['unkeyed'];
  return band ? ['keyed'] : ['keyed', 'unkeyed'];
}

/** Query for `(customer_id, sort_key)` of a slice of a segment, in its order, from an index with that order. */
export function segmentSql(segment: SegmentName, slice: Slice): Prisma.Sql {
  if (segment === 'unkeyed') return unkeyedSql(slice);
  const { sort, band } = slice.query;
  if (sort === 'id') return bandById(slice);
  if (sort === 'risk') return slice.filter.ids ? collected(slice, keyColumns.risk) : walkRisk(slice);
  if (slice.filter.ids) return collected(slice, keyColumns[sort]);
  const bands = (band ? [bandNumbers[band]] : allBands).map((number) =>
    walkBand(slice, keyColumns[sort], number),
  );
  return merged(slice, bands);
}

/** Query for all rows of a list, in its order. */
export function wholeListSql(
  tenantId: string,
  query: Pick<CustomerQuery, 'sort' | 'band' | 'direction'>,
  { filter, sheet }: Pick<Slice, 'filter' | 'sheet'>,
): Prisma.Sql {
  const key = Prisma.raw(query.sort === 'id' ? 'NULL::double precision' : `s.${keyColumns[query.sort][0]}`);
  const down = order(query.direction === 'asc');
  return Prisma.sql`
    SELECT ${customerColumns}, ${key} AS sort_key
    FROM crm.customer c LEFT JOIN ${sheet} s ON s.tenant_id = ${tenantId} AND s.customer_id = c.id
    WHERE c.tenant_id = ${tenantId} AND ${oneOf(Prisma.sql`c.id`, filter)}
      AND ${query.band ? Prisma.sql`s.band = ${bandNumbers[query.band]}::smallint` : Prisma.sql`TRUE`}
    ORDER BY ${
      query.sort === 'id'
        ? Prisma.sql`c.id ${down}`
        : Prisma.sql`${key} IS NULL, ${key} ${down}, CASE WHEN ${key} IS NULL THEN c.id END, c.id ${down}`
    }`;
}

/** Customers without the sort key, or all customers when the sort key is the id. */
function unkeyedSql(slice: Slice): Prisma.Sql {
  const { tenantId, sheet, query, filter, ascending, after, limit } = slice;
  // Whoever has stored features has all of them.
  const missing =
    query.sort === 'id' ? 'TRUE' : query.sort === 'risk' ? 's.probability IS NULL' : 's.customer_id IS NULL';
  return Prisma.sql`
    SELECT c.id AS customer_id, NULL::double precision AS sort_key
    FROM crm.customer c
    ${query.sort === 'id' ? Prisma.empty : Prisma.sql`LEFT JOIN ${sheet} s ON s.tenant_id = c.tenant_id AND s.customer_id = c.id`}
    WHERE c.tenant_id = ${tenantId} AND ${Prisma.raw(missing)} AND ${oneOf(Prisma.sql`c.id`, filter)}
      AND ${behindId(Prisma.sql`c.id`, after, ascending)}
    ORDER BY c.id ${order(ascending)} LIMIT ${limit}`;
}

function bandById(slice: Slice): Prisma.Sql {
  const { tenantId, sheet, filter, ascending, after, limit, fewInBand } = slice;
  const inBand = Prisma.sql`
    SELECT s.customer_id, NULL::double precision AS sort_key FROM ${sheet} s
    WHERE s.tenant_id = ${tenantId} AND ${bandIs(slice)} AND ${oneOf(Prisma.sql`s.customer_id`, filter)}
      AND ${behindId(Prisma.sql`s.customer_id`, after, ascending)}`;
  const tail = Prisma.sql`ORDER BY customer_id ${order(ascending)} LIMIT ${limit}`;
  return fewInBand || filter.ids
    ? Prisma.sql`WITH found AS MATERIALIZED (${inBand}) SELECT customer_id, sort_key FROM found ${tail}`
    : Prisma.sql`${inBand} ${tail}`;
}

function walkRisk(slice: Slice): Prisma.Sql {
  const { tenantId, sheet, filter, ascending, limit } = slice;
  return Prisma.sql`
    SELECT s.customer_id, s.probability AS sort_key FROM ${sheet} s
    WHERE s.tenant_id = ${tenantId} AND ${probabilityRange(slice.query.band)} AND ${behindKey(slice, keyColumns.risk)}
      AND ${filter.matches(Prisma.sql`s.customer_id`)}
    ORDER BY s.probability ${order(ascending)}, s.customer_id ${order(ascending)} LIMIT ${limit}`;
}

function walkBand(slice: Slice, column: KeyColumn, band: number): Prisma.Sql {
  const { tenantId, sheet, filter, ascending, limit } = slice;
  const key = Prisma.raw(`s.${column[0]}`);
  return Prisma.sql`
    (SELECT s.customer_id, ${key} AS sort_key FROM ${sheet} s
     WHERE s.tenant_id = ${tenantId} AND s.band = ${band}::smallint AND ${behindKey(slice, column)}
       AND ${filter.matches(Prisma.sql`s.customer_id`)}
     ORDER BY ${key} ${order(ascending)}, s.customer_id ${order(ascending)} LIMIT ${limit})`;
}

/** The index begins with the band, because band and sort key correlate. A list of all bands merges the four. */
function merged({ ascending, limit }: Slice, parts: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.sql`
    SELECT customer_id, sort_key FROM (${Prisma.join([...parts], ' UNION ALL ')}) AS bands
    ORDER BY sort_key ${order(ascending)}, customer_id ${order(ascending)} LIMIT ${limit}`;
}

/** Fetches a few known ids, then sorts them. */
function collected(slice: Slice, column: KeyColumn): Prisma.Sql {
  const { tenantId, sheet, query, filter, ascending, limit } = slice;
  const key = Prisma.raw(`s.${column[0]}`);
  return Prisma.sql`
    WITH found AS MATERIALIZED (
      SELECT s.customer_id, ${key} AS sort_key FROM ${sheet} s
      WHERE s.tenant_id = ${tenantId} AND ${oneOf(Prisma.sql`s.customer_id`, filter)} AND ${key} IS NOT NULL
        AND ${query.band ? bandIs(slice) : Prisma.sql`TRUE`} AND ${behindKey(slice, column)})
    SELECT customer_id, sort_key FROM found
    ORDER BY sort_key ${order(ascending)}, customer_id ${order(ascending)} LIMIT ${limit}`;
}

function oneOf(id: Prisma.Sql, { ids, matches }: SearchFilter): Prisma.Sql {
  return ids ? Prisma.sql`${id} = ANY (${[...ids]}::text[]) AND ${matches(id)}` : matches(id);
}

function bandIs({ query }: Slice): Prisma.Sql {
  return Prisma.sql`s.band = ${query.band ? bandNumbers[query.band] : 0}::smallint`;
}

function probabilityRange(band: RiskBand | undefined): Prisma.Sql {
  if (!band) return Prisma.raw('s.probability IS NOT NULL');
  const { from, before } = bandLimits[band];
  const bounds = [
    ...(from === null ? [] : [`s.probability >= ${from}::double precision`]),
    ...(before === null ? [] : [`s.probability < ${before}::double precision`]),
  ];
  return Prisma.raw(bounds.join(' AND '));
}

function behindKey({ after, ascending }: Slice, [column, type]: KeyColumn): Prisma.Sql {
  if (!after) return Prisma.sql`TRUE`;
  return Prisma.sql`(${Prisma.raw(`s.${column}`)}, s.customer_id) ${beyond(ascending)} (${after.key}::${Prisma.raw(type)}, ${after.id}::text)`;
}

function behindId(id: Prisma.Sql, after: Position | null, ascending: boolean): Prisma.Sql {
  return after ? Prisma.sql`${id} ${beyond(ascending)} ${after.id}::text` : Prisma.sql`TRUE`;
}

const order = (ascending: boolean): Prisma.Sql => Prisma.raw(ascending ? 'ASC' : 'DESC');
const beyond = (ascending: boolean): Prisma.Sql => Prisma.raw(ascending ? '>' : '<');
